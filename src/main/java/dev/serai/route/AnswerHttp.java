package dev.serai.route;

import dev.serai.chat.Usage;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.StreamEvents;
import dev.serai.ledger.Charge;
import dev.serai.policy.Money;
import dev.serai.recall.Answer;
import dev.serai.recall.StoredAnswer;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Gives the answer back over HTTP: the provider's bytes, and headers that say where they are from.
 */
@Component("answerHttp")
final class AnswerHttp {

  /** Sets body, status and headers of the reply. */
  public void write(Exchange exchange) {
    Call call = Call.of(exchange);
    Answer answer = call.answer;
    if (answer == null) {
      throw new IllegalStateException("the pipeline ended without an answer");
    }
    Message message = exchange.getMessage();
    message.setHeader("x-serai-target", answer.target());
    message.setHeader("x-serai-model", answer.model());
    message.setHeader("x-serai-cache", call.cacheState.label);
    message.setHeader("x-serai-attempts", Integer.toString(call.attempts));
    RateHeaders.write(message, call);
    boolean stream = call.request().stream();
    switch (answer) {
      case Answer.Refusal refusal -> {
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, refusal.status());
        whole(message, refusal.body());
      }
      case Answer.Streaming streaming -> {
        message.setHeader(Exchange.CONTENT_TYPE, "text/event-stream;charset=UTF-8");
        message.setHeader("Cache-Control", "no-cache");
        message.setBody(
            new SseBody(
                streaming.reader(),
                call.request().includeUsage(),
                usage -> cost(call, usage),
                call.beforeLastEvent));
      }
      case Answer.Complete(StoredAnswer stored) when stream -> {
        message.setHeader(Exchange.CONTENT_TYPE, "text/event-stream;charset=UTF-8");
        message.setHeader("Cache-Control", "no-cache");
        message.setBody(replay(call, stored));
      }
      case Answer.Complete(StoredAnswer stored) -> {
        Long nanos = call.answeredBy == null ? (Long) 0L : stored.costNanos();
        if (nanos != null) {
          message.setHeader("x-serai-cost-usd", Money.usd(nanos).toPlainString());
        }
        whole(message, stored.asWhole());
      }
    }
  }

  private static void whole(Message message, byte[] body) {
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader(Exchange.CONTENT_LENGTH, body.length);
    message.setBody(body);
  }

  /** What this caller pays: nothing unless its own call fetched the answer. */
  private static @Nullable BigDecimal cost(Call call, Usage usage) {
    Attempt attempt = call.answeredBy;
    if (attempt == null) {
      return Money.usd(0);
    }
    Charge charge = attempt.estimate.pricing().charge(usage);
    return charge.nanos() == null ? null : Money.usd(charge.nanos());
  }

  private static byte[] replay(Call call, StoredAnswer stored) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(4096);
    boolean usageWanted = call.request().includeUsage();
    for (byte[] event : stored.asEvents()) {
      EventFacts facts = EventFacts.of(event);
      if (facts.usage() != null && usageWanted) {
        all.writeBytes(StreamEvents.withCost(event, cost(call, facts.usage())));
      } else if (facts.usage() == null || !facts.usageOnly()) {
        all.writeBytes(event);
      }
    }
    return all.toByteArray();
  }
}
