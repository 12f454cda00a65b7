package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.ledger.Change;
import dev.serai.ledger.Change.Kind;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** What a request of the admin API changed, as the audit has it. */
final class Changed {

  private Changed() {}

  /** A change by whoever makes the request; neither JSON may hold a secret. */
  static Change by(
      HttpServletRequest request,
      Kind kind,
      String action,
      String id,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after) {
    return new Change(
        AdminGate.actor(request),
        action,
        kind,
        id,
        before == null ? null : before.toString(),
        after == null ? null : after.toString());
  }
}
