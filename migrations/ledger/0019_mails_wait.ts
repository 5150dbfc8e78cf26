// Until when mails wait because of a cap: whoever runs the installation is told.

export const MAILS_WAIT = `
ALTER TABLE environment ADD COLUMN mails_wait_until_ms integer;
`;
