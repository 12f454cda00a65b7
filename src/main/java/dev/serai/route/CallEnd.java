package dev.serai.route;

import dev.serai.chat.Usage;
import dev.serai.ledger.Settlement;
import dev.serai.policy.Money;
import dev.serai.recall.Answer;
import dev.serai.recall.StoredAnswer;
import dev.serai.telemetry.LogText;
import dev.serai.telemetry.Meters;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What happens when a request is over, whatever became of it: what it held is given back, and one
 * line says how it went. The line holds names and numbers, never a prompt, an answer or a key.
 */
@Component
final class CallEnd {

  private static final Logger LOG = LoggerFactory.getLogger("dev.serai.request");

  private final Meters meters;
  private final UnbilledCounts counts;

  CallEnd(Meters meters, UnbilledCounts counts) {
    this.meters = meters;
    this.counts = counts;
  }

  /** Ends the call with its exchange, which is after the last byte was written. */
  void watch(Exchange exchange, Call call) {
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new Synchronization() {
              @Override
              public void onComplete(Exchange done) {
                end(call);
              }

              @Override
              public void onFailure(Exchange done) {
                end(call);
              }
            });
  }

  private void end(Call call) {
    call.end();
    Settlement settled = call.answeredBy == null ? null : call.answeredBy.settlement();
    meters.request(
        call.entryName, call.cacheState.label, status(call), System.nanoTime() - call.startNanos);
    counts.count(call, settled);
    if (LOG.isInfoEnabled()) {
      LOG.info(line(call, settled));
    }
  }

  private static int status(Call call) {
    if (call.error != null) {
      return call.error.status();
    }
    return call.answer instanceof Answer.Refusal refusal ? refusal.status() : 200;
  }

  private static String line(Call call, @Nullable Settlement settled) {
    StringBuilder line = new StringBuilder(320);
    field(line, "request", call.requestId);
    field(line, "entry", call.entryName);
    field(line, "tenant", call.tenant == null ? null : call.tenant.id());
    field(line, "role", call.role == null ? null : call.role.name());
    Answer answer = call.answer;
    field(line, "target", answer == null ? null : answer.target());
    field(line, "model", answer == null ? null : answer.model());
    field(line, "prompt_version", call.promptVersion);
    Usage usage = usage(answer, settled);
    field(line, "input_tokens", usage.inputTokens());
    field(line, "output_tokens", usage.outputTokens());
    field(line, "cost_usd", cost(answer, settled));
    field(line, "latency_ms", (System.nanoTime() - call.startNanos) / 1_000_000);
    field(line, "cache", call.cacheState.label);
    field(line, "attempts", call.attempts);
    field(line, "status", status(call));
    field(line, "error", call.error == null ? null : call.error.code());
    if (settled != null && settled.errorType() != null) {
      field(line, "ended", settled.errorType());
    }
    return line.toString();
  }

  /** A whole answer may have taken several calls: it has the sum of them. */
  private static Usage usage(@Nullable Answer answer, @Nullable Settlement settled) {
    if (settled == null) {
      return Usage.NONE;
    }
    return answer instanceof Answer.Complete(StoredAnswer stored)
        ? stored.usage()
        : settled.usage();
  }

  private static String cost(@Nullable Answer answer, @Nullable Settlement settled) {
    if (settled == null) {
      return "0";
    }
    Long nanos =
        answer instanceof Answer.Complete(StoredAnswer stored)
            ? stored.costNanos()
            : settled.charge().nanos();
    return nanos == null ? "unpriced" : Money.usd(nanos).toPlainString();
  }

  private static void field(StringBuilder line, String name, long value) {
    begin(line, name).append(value);
  }

  /** Appends {@code name=value}; what a caller wrote is kept to characters that cannot mislead. */
  private static void field(StringBuilder line, String name, @Nullable String value) {
    begin(line, name);
    if (value == null || value.isEmpty()) {
      line.append('-');
      return;
    }
    line.append(LogText.safe(value));
  }

  private static StringBuilder begin(StringBuilder line, String name) {
    if (!line.isEmpty()) {
      line.append(' ');
    }
    return line.append(name).append('=');
  }
}
