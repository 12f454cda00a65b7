package dev.serai.route;

import dev.serai.catalog.Credential;
import dev.serai.ledger.Account;
import java.util.function.Supplier;

/** Whose account at a provider a tenant's call is billed on. */
sealed interface Payer {

  /** The gateway's own; also where nothing is to be paid. */
  record Platform() implements Payer {}

  /**
   * The tenant.
   *
   * @param latest what it pays with now: it may have been changed since targets were chosen
   */
  record Own(Supplier<Credential> latest) implements Payer {}

  /** Nobody: the tenant is to pay by itself and has stored nothing to pay with. */
  record Nobody() implements Payer {}

  /** The tenant, but what it stored cannot be opened. */
  record Locked() implements Payer {}

  /** As the ledger has it. */
  default Account account() {
    return this instanceof Own ? Account.TENANT : Account.PLATFORM;
  }
}
