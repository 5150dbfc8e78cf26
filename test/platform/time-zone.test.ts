import { expect, test } from "vitest";
import {
  dayAfter,
  dayOf,
  daysBetween,
  isTimeZone,
  momentOn,
  zonedTime,
  zoneName,
} from "../../src/platform/time-zone.ts";

test.each([
  ["2026-11-30T23:00:00.000Z", "UTC", "2026-11-30T23:00:00.000Z"],
  ["2026-11-30T23:00:00.000Z", "Europe/Berlin", "2026-12-01T00:00:00.000+01:00"],
  ["2026-06-30T22:30:15.250Z", "Europe/Berlin", "2026-07-01T00:30:15.250+02:00"],
  ["2026-01-01T03:30:00.000Z", "America/St_Johns", "2026-01-01T00:00:00.000-03:30"],
  ["2026-01-01T00:00:00.000Z", "America/Los_Angeles", "2025-12-31T16:00:00.000-08:00"],
  ["2026-01-01T00:00:00.000Z", "Asia/Kathmandu", "2026-01-01T05:45:00.000+05:45"],
  // The hour that comes twice.
  ["2026-10-25T00:30:00.000Z", "Europe/Berlin", "2026-10-25T02:30:00.000+02:00"],
  ["2026-10-25T01:30:00.000Z", "Europe/Berlin", "2026-10-25T02:30:00.000+01:00"],
])("%s in %s is %s, the same moment", (moment, zone, shown) => {
  expect(zonedTime(Date.parse(moment), zone)).toBe(shown);
  expect(Date.parse(shown)).toBe(Date.parse(moment));
});

test.each([0, -1, Number.NaN, 9e15, -9e15, Number.MAX_SAFE_INTEGER, 253_402_300_799_999])(
  "a stored time of %s never throws, and stays a time",
  (ms) => {
    for (const zone of ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"])
      expect(Date.parse(zonedTime(ms, zone))).not.toBeNaN();
  },
);

test("a zone is named as its clocks are at that moment", () => {
  expect(zoneName(Date.UTC(2026, 0, 1), "UTC")).toBe("UTC");
  expect(zoneName(Date.UTC(2026, 0, 1), "Europe/Berlin")).toBe("GMT+1");
  expect(zoneName(Date.UTC(2026, 6, 1), "Europe/Berlin")).toBe("GMT+2");
});

test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])("%s is a zone", (name) => {
  expect(isTimeZone(name)).toBe(true);
});
test.each(["", "+01:00", "Europe/Nowhere", "Berlin", "UTC+1", "Europe/Berlin\n", " UTC", "<b>"])(
  "'%s' is none",
  (name) => {
    expect(isTimeZone(name)).toBe(false);
  },
);

test.each([
  ["2026-12-01", 9, "UTC", "2026-12-01T09:00:00.000Z"],
  ["2026-12-01", 9, "Europe/Berlin", "2026-12-01T08:00:00.000Z"],
  ["2026-07-01", 9, "Europe/Berlin", "2026-07-01T07:00:00.000Z"],
  ["2026-12-01", 9, "Asia/Kathmandu", "2026-12-01T03:15:00.000Z"],
  ["2026-12-01", 9, "Pacific/Kiritimati", "2026-11-30T19:00:00.000Z"],
  ["2026-12-01", 9, "Pacific/Pago_Pago", "2026-12-01T20:00:00.000Z"],
  ["2026-12-01", 0, "America/New_York", "2026-12-01T05:00:00.000Z"],
  // The days on which clocks are set, and the days beside them.
  ["2026-03-29", 0, "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-29", 9, "Europe/Berlin", "2026-03-29T07:00:00.000Z"],
  ["2026-03-30", 0, "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", 9, "Europe/Berlin", "2026-10-25T08:00:00.000Z"],
  ["2026-03-08", 9, "America/New_York", "2026-03-08T13:00:00.000Z"],
  ["2026-03-08", 3, "America/New_York", "2026-03-08T07:00:00.000Z"],
  // Clocks are put forward over midnight: the day begins an hour later.
  ["2026-04-24", 0, "Africa/Cairo", "2026-04-23T22:00:00.000Z"],
  ["2018-11-04", 0, "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
])("%s at %i in %s is the moment %s", (day, hour, zone, moment) => {
  expect(new Date(momentOn(day, hour, zone)).toISOString()).toBe(moment);
});

test("days are counted by the calendar, over the ends of months and years and where clocks are set", () => {
  expect(dayOf(Date.parse("2026-12-31T23:30:00Z"), "Europe/Berlin")).toBe("2027-01-01");
  expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
  expect(dayAfter("2028-03-01", -1)).toBe("2028-02-29");
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  expect(daysBetween("2026-12-01", "2026-11-24")).toBe(-7);
});
