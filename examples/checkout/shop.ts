import type { Bank, Hold, Money } from '@giro/sdk';

/** A shop that takes money when it ships, and never more than the customer has reserved for it. */
export class Shop {
  readonly #bank: Bank;
  readonly #till: string;
  readonly #reservedForMs: number;

  /**
   * @param till - the shop's account
   * @param reservedForMs - how long an order may wait to be shipped; then its money is free again by itself
   */
  constructor(bank: Bank, till: string, reservedForMs: number) {
    this.#bank = bank;
    this.#till = till;
    this.#reservedForMs = reservedForMs;
  }

  /** Reserves what an order costs; nothing is paid yet. @throws InsufficientFundsError */
  checkOut(order: string, buyer: string, total: Money): Promise<Hold> {
    return this.#bank.holds.place({
      from: buyer,
      to: this.#till,
      amount: total,
      expiresInMs: this.#reservedForMs,
      description: order,
    });
  }

  /** Takes what is shipped, all of the order or a part; the rest is free again at once. @throws HoldExpiredError */
  async ship(hold: Hold, shipped: Money = hold.amount): Promise<void> {
    await this.#bank.holds.capture({ hold, amount: shipped.amount });
  }

  /** Frees the money of an order that is not wanted any more. */
  async cancel(hold: Hold): Promise<void> {
    await this.#bank.holds.release({ hold });
  }
}
