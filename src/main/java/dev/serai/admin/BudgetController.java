package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.budget.Budget;
import dev.serai.budget.BudgetTerms;
import dev.serai.budget.Budgets;
import dev.serai.budget.Period;
import dev.serai.budget.Standing;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.limit.Subject;
import dev.serai.policy.Money;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sets budgets, and shows how all of them stand. They may be set for what does not exist yet. */
@RestController
@RequestMapping(value = "/admin/v1/budgets", produces = "application/json")
final class BudgetController {

  private static final String CURRENCY = "currency";
  private static final String USD = "USD";
  private static final int LONGEST_NAME = 64;

  private final Budgets budgets;

  BudgetController(Budgets budgets) {
    this.budgets = budgets;
  }

  /** All that are in force, the configured ones too. */
  @GetMapping
  ResponseEntity<byte[]> list() {
    ObjectNode root = AdminJson.object();
    ArrayNode data = root.putArray("data");
    budgets.standings().stream()
        .sorted(Comparator.comparing(standing -> standing.open().budget().subject().path()))
        .forEach(standing -> data.add(json(standing)));
    return AdminJson.ok(root);
  }

  /** Sets a subject's budget; what is spent in the running period counts. */
  @PutMapping("/{scope}/{id}")
  ResponseEntity<byte[]> put(
      @PathVariable String scope, @PathVariable String id, HttpServletRequest request)
      throws IOException {
    Subject subject = ScopePath.subject(scope, id);
    AdminBody body =
        AdminBody.read(
            request,
            "limit_usd",
            "period",
            "time_zone",
            "mode",
            "carry_over",
            "on_budget",
            CURRENCY);
    budgets.put(budget(subject, body), AdminGate.actor(request));
    return AdminJson.ok(json(found(budgets.standing(subject))));
  }

  /** The one in force, whether it was set here or configured. */
  @GetMapping("/{scope}/{id}")
  ResponseEntity<byte[]> get(@PathVariable String scope, @PathVariable String id) {
    return AdminJson.ok(json(found(budgets.standing(ScopePath.subject(scope, id)))));
  }

  /** Takes what was set here away; what is configured comes into force again. */
  @DeleteMapping("/{scope}/{id}")
  ResponseEntity<byte[]> delete(
      @PathVariable String scope, @PathVariable String id, HttpServletRequest request) {
    Subject subject = ScopePath.subject(scope, id);
    Standing last = budgets.find(subject) == null ? null : budgets.standing(subject);
    Standing standing = found(last);
    budgets.delete(subject, AdminGate.actor(request));
    return AdminJson.ok(json(standing));
  }

  private static Standing found(@Nullable Standing standing) {
    if (standing == null) {
      throw new ApiException(
          ApiError.notFound(
              "No budget is set here for this scope and id: PUT one to set it, or look at"
                  + " serai.budgets in the configuration."));
    }
    return standing;
  }

  private static Budget budget(Subject subject, AdminBody body) {
    String currency = body.text(CURRENCY, LONGEST_NAME);
    if (currency != null && !currency.equals(USD)) {
      throw AdminBody.wrong(
          CURRENCY, "Budgets are in US dollars: leave currency out, or send \"USD\".");
    }
    BudgetTerms terms =
        new BudgetTerms(
            body.amount("limit_usd"),
            body.text("period", LONGEST_NAME),
            body.text("time_zone", LONGEST_NAME),
            body.text("mode", LONGEST_NAME),
            body.flag("carry_over"),
            body.text("on_budget", LONGEST_NAME));
    try {
      return terms.of(subject, null);
    } catch (BudgetTerms.InvalidException e) {
      throw AdminBody.wrong(e.field(), "The field " + e.getMessage());
    }
  }

  private static ObjectNode json(Standing standing) {
    Budget budget = standing.open().budget();
    Period.Span span = standing.open().span();
    return AdminJson.object()
        .put("scope", budget.subject().scope().label())
        .put("id", budget.subject().id())
        .put("source", budget.createdAt() == null ? "configuration" : "api")
        .put("limit_usd", usd(budget.limitNanos()))
        .put("period", budget.period().label())
        .put("time_zone", budget.zone().getId())
        .put("mode", budget.mode().label())
        .put("carry_over", budget.carryOver())
        .put("on_budget", budget.onBudget().label())
        .put("cap_usd", usd(standing.capNanos()))
        .put("spent_usd", usd(standing.spentNanos()))
        .put("reserved_usd", usd(standing.reservedNanos()))
        .put("left_usd", usd(standing.leftNanos()))
        .put("period_starts_at", budget.period() == Period.TOTAL ? null : text(span.start()))
        .put("resets_at", text(span.end()));
  }

  private static String usd(long nanos) {
    return Money.usd(nanos).toPlainString();
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
