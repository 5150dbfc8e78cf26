// The pages behind payment URLs in Spanish.

import type { PageWords } from "../page-words.ts";

export const es: PageWords = {
  says: {
    making_link: ["Un momento", () => "Su página de pago se está preparando. Se abrirá por sí sola."],
    partly_paid: ["Una parte está pagada", () => "Gracias. Puede pagar aquí lo que queda."],
    processing: [
      "Su pago está en camino",
      (seller) => `Algunos pagos tardan unos días en llegar. No tiene que hacer nada más; ${seller} lo verá.`,
    ],
    paid: ["Pagado, gracias", (seller) => `${seller} ha recibido su pago.`],
    overpaid: [
      "Pagado, gracias",
      (seller) => `Ha llegado más de lo que se debía. ${seller} puede informarle sobre la diferencia.`,
    ],
    partly_refunded: [
      "Pagado y reembolsado en parte",
      (seller) => `${seller} ha devuelto una parte. Puede tardar unos días en verla.`,
    ],
    refunded: [
      "Su pago fue reembolsado",
      (seller) => `${seller} lo ha devuelto. Puede tardar unos días en verlo.`,
    ],
    disputed: [
      "Su banco está revisando el pago",
      (seller) =>
        `Este pago fue reclamado ante el banco. Aquí no hay nada que pagar; si tiene preguntas, consulte a ${seller}.`,
    ],
    void: [
      "Esta factura fue retirada",
      (seller) => `No hay nada que pagar. Si tiene preguntas, consulte a ${seller}.`,
    ],
    uncollectible: [
      "Esta factura está cerrada",
      (seller) => `Ya no se puede pagar aquí. Para pagarla de todos modos, consulte a ${seller}.`,
    ],
    no_link: [
      "Ahora no se puede pagar aquí",
      (seller) => `Consulte a ${seller}, que puede volver a permitirlo o indicarle otra forma.`,
    ],
    unavailable: [
      "Los pagos están en pausa",
      (seller) =>
        `${seller} no acepta pagos aquí en este momento. Inténtelo más tarde o consulte a ${seller}.`,
    ],
    unknown: [
      "Aquí no hay ninguna factura",
      () => "Compruebe que la dirección esté completa o pregunte a quien se la envió.",
    ],
    too_often: ["Demasiados intentos", () => "Espere un minuto y vuelva a intentarlo."],
    broken: ["Ahora no funciona", () => "No se ha cobrado nada. Vuelva a intentarlo en un momento."],
  },
  takesLong: (seller) =>
    `Su página de pago tarda más de lo habitual. Inténtelo más tarde o consulte a ${seller}. Esta dirección sigue siendo la misma.`,
  payAnew: (seller) => `Solo si ${seller} le ha pedido que pague de otra forma:`,
  payAnewButton: "Pagar de otra forma",
  receiptButton: "Abrir el recibo",
  writeTo: (address) => `Escribir a ${address}`,
  retryButton: "Volver a intentarlo",
  refunded: "Reembolsado",
};
