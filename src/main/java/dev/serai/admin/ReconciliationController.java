package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.Change;
import dev.serai.ledger.Difference;
import dev.serai.ledger.Reconciled;
import dev.serai.ledger.Reconciliation;
import dev.serai.ledger.Reconciliation.Repair.OfBudget;
import dev.serai.ledger.Reconciliation.Repair.OfHour;
import dev.serai.ledger.Tally;
import dev.serai.policy.Money;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whether what is kept beside the rows of the ledger is what they add up to. */
@RestController
@RequestMapping(value = "/admin/v1/reconciliation", produces = "application/json")
final class ReconciliationController {

  private final Reconciliation reconciliation;

  ReconciliationController(Reconciliation reconciliation) {
    this.reconciliation = reconciliation;
  }

  /** What the latest comparison of any replica found. */
  @GetMapping
  ResponseEntity<byte[]> latest() {
    return AdminJson.ok(json(reconciliation.latest()));
  }

  /**
   * Compares now.
   *
   * @param repair whether sums and budget periods that differ are set to what the rows add up to
   */
  @PostMapping
  ResponseEntity<byte[]> run(
      @RequestParam(defaultValue = "false") boolean repair, HttpServletRequest request) {
    Reconciled result =
        repair
            ? reconciliation.repair(repaired -> change(request, repaired))
            : reconciliation.run();
    if (result == null) {
      throw new ApiException(
          ApiError.conflict(
              "A comparison is under way: GET tells what it found when it is over.",
              null,
              "in_progress"));
    }
    return AdminJson.ok(json(result));
  }

  private static Change change(HttpServletRequest request, Reconciliation.Repair repaired) {
    return switch (repaired) {
      case OfHour hour ->
          Changed.by(
              request,
              Change.Kind.USAGE,
              "repair",
              hour.hour().toString(),
              sums(hour, hour.kept()),
              sums(hour, hour.byRows()));
      case OfBudget budget ->
          Changed.by(
              request,
              Change.Kind.BUDGET,
              "repair",
              budget.scope() + "/" + budget.id(),
              standing(budget, budget.spent(), budget.reserved()),
              standing(budget, budget.spentByRows(), budget.reservedByRows()));
    };
  }

  private static ObjectNode standing(OfBudget budget, long spent, long reserved) {
    return AdminJson.object()
        .put("period_start", budget.start().toString())
        .put("spent_usd", Money.usd(spent).toPlainString())
        .put("reserved_usd", Money.usd(reserved).toPlainString());
  }

  private static ObjectNode sums(OfHour repaired, Tally tally) {
    return AdminJson.object()
        .put("sums", repaired.sums())
        .put("requests", tally.requests())
        .put("input_tokens", tally.inputTokens())
        .put("output_tokens", tally.outputTokens())
        .put("cost_usd", Money.usd(tally.costNanos()).toPlainString());
  }

  private static ObjectNode json(Reconciled result) {
    ObjectNode root = AdminJson.object();
    root.put("started_at", text(result.startedAt()));
    root.put("finished_at", text(result.finishedAt()));
    root.put("hours", result.hours());
    root.put("budget_periods", result.periods());
    root.put("repaired", result.repaired());
    root.put("differences", result.differences());
    ArrayNode data = root.putArray("data");
    for (Difference difference : result.listed()) {
      data.addObject()
          .put("kind", difference.kind().label())
          .put("subject", difference.subject())
          .put("by_rows", difference.byRows())
          .put("kept", difference.kept());
    }
    return root;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
