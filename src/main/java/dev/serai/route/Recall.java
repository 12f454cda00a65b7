package dev.serai.route;

import dev.serai.catalog.CacheMode;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.chat.Usage;
import dev.serai.dialect.Operation;
import dev.serai.egress.UpstreamException;
import dev.serai.recall.Answer;
import dev.serai.recall.AnswerCache;
import dev.serai.recall.AnswerCache.Joined;
import dev.serai.recall.CacheKey;
import dev.serai.recall.Flight;
import dev.serai.recall.Flight.Landing;
import dev.serai.recall.SharedStream;
import dev.serai.recall.StoredAnswer;
import dev.serai.telemetry.Meters;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers what was answered before, and joins whoever asks the same at the same time. */
@Component("recall")
final class Recall {

  private final AnswerCache cache;
  private final CacheMode defaultMode;
  private final Meters meters;

  Recall(AnswerCache cache, GatewayProperties settings, Meters meters) {
    this.cache = cache;
    this.defaultMode = settings.cache().mode();
    this.meters = meters;
  }

  /** Looks the answer up; afterwards the cache state says whether a target has to be asked. */
  public void look(Exchange exchange) {
    Call call = Call.of(exchange);
    if (remembers(call)) {
      Target first = call.targets.getFirst();
      CacheKey key =
          CacheKey.of(
              call.tenant().id(),
              first.id(),
              first.modelId(),
              call.request()
                  .fingerprint(
                      first.id()
                          + "/"
                          + first.modelId()
                          + (call.outputFormat == null ? "" : " checked"),
                      call.addedTemperature));
      call.cacheKey = key;
      call.cacheState = Call.CacheState.MISS;
      if (!call.refresh) {
        join(call, key);
      }
    }
    exchange.setVariable(Variables.CACHE_STATE, call.cacheState.label);
  }

  private boolean remembers(Call call) {
    if (call.noStore) {
      return false;
    }
    return switch (call.role == null ? defaultMode : call.role.cache()) {
      case ON -> true;
      case OFF -> false;
      case DETERMINISTIC -> {
        if (call.operation == Operation.EMBEDDINGS) {
          yield true;
        }
        BigDecimal asked = call.request().temperature();
        BigDecimal temperature = asked == null ? call.addedTemperature : asked;
        yield temperature != null && temperature.signum() == 0;
      }
    };
  }

  private void join(Call call, CacheKey key) {
    switch (cache.join(key, call.targets)) {
      case Joined.Hit(StoredAnswer answer) -> {
        call.cacheState = Call.CacheState.HIT;
        call.answer = new Answer.Complete(answer);
        meters.cacheHit();
      }
      case Joined.Lead(Flight flight) -> {
        call.flight = flight;
        call.atEnd(() -> end(call, flight));
        meters.cacheMiss();
      }
      case Joined.Follow(Flight flight) -> follow(call, key, flight);
      case Joined.Alone alone -> meters.cacheMiss();
    }
  }

  /** Limits and budgets are of one key or role, and who follows may have come with another. */
  private static void end(Call call, Flight flight) {
    int status = call.error == null ? 0 : call.error.status();
    if (call.limited && (status == 429 || status == 402)) {
      flight.turnedAway();
    } else {
      flight.failed(
          new ApiException(
              call.error != null
                  ? call.error
                  : ApiError.internal("The call that fetched this answer was given up.")));
    }
  }

  private void follow(Call call, CacheKey key, Flight flight) {
    Landing landing = flight.await(call.timeLeft());
    if (landing == null) {
      throw new ApiException(
          ApiError.timeout("The same request is in flight and was not answered in time."));
    }
    Answer answer =
        switch (landing) {
          case Landing.Whole(StoredAnswer stored) -> new Answer.Complete(stored);
          case Landing.Refused(Answer.Refusal refusal) -> refusal;
          case Landing.Live live -> joined(call, live);
          case Landing.Nothing nothing -> {
            join(call, key);
            yield null;
          }
        };
    if (answer == null) {
      return;
    }
    call.cacheState = Call.CacheState.SHARED;
    call.answer = answer;
    meters.cacheHit();
  }

  /** Null when the stream has run too far to be joined: then the call goes out on its own. */
  private static @Nullable Answer joined(Call call, Landing.Live live) {
    SharedStream.Reader reader = live.stream().join();
    if (reader == null) {
      return null;
    }
    call.atEnd(reader::close);
    if (call.request().stream()) {
      return new Answer.Streaming(reader, live.target(), live.model());
    }
    List<byte[]> events = new ArrayList<>();
    try {
      byte[] event = reader.next();
      while (event != null) {
        events.add(event);
        event = reader.next();
      }
    } catch (UpstreamException e) {
      throw new ApiException(
          ApiError.provider("The provider's answer broke off: send the request again."));
    }
    return new Answer.Complete(
        new StoredAnswer(null, events, live.target(), live.model(), Usage.NONE, 0L));
  }
}
