package dev.serai.route;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.chat.Usage;
import dev.serai.dialect.ErrorBody;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.StreamEvents;
import dev.serai.egress.UpstreamException;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.recall.SharedStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One caller's view of a stream. Each {@code read} gives what has arrived and waits only when that
 * is nothing, so that no event waits for the next one to be flushed; closing it means that the
 * caller has left.
 */
final class SseBody extends InputStream {

  private final SharedStream.Reader reader;
  private final boolean usageWanted;
  private final UsageCost cost;
  private final @Nullable Consumer<List<byte[]>> beforeLast;
  private final List<byte[]> passed = new ArrayList<>(0);
  private byte[] current = {};
  private int at;
  private boolean over;
  private boolean told;

  /** What the usage of this stream costs this caller. */
  interface UsageCost {
    /** USD; null when unpriced. */
    @Nullable BigDecimal of(Usage usage);
  }

  /**
   * Wraps one reader.
   *
   * @param beforeLast gets all events before the last one goes out; what it throws ends the stream
   *     with an error in its place. Null when nobody wants them: then none are kept
   */
  SseBody(
      SharedStream.Reader reader,
      boolean usageWanted,
      UsageCost cost,
      @Nullable Consumer<List<byte[]>> beforeLast) {
    this.reader = reader;
    this.usageWanted = usageWanted;
    this.cost = cost;
    this.beforeLast = beforeLast;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    int given = 0;
    while (given < length) {
      if (at < current.length) {
        int n = Math.min(length - given, current.length - at);
        System.arraycopy(current, at, into, offset + given, n);
        at += n;
        given += n;
      } else if ((given > 0 && !reader.ready()) || !advance()) {
        break;
      }
    }
    return given > 0 || length == 0 ? given : -1;
  }

  private boolean advance() {
    if (over) {
      return false;
    }
    at = 0;
    try {
      byte[] event = reader.next();
      if (event == null) {
        over = true;
        current = new byte[0];
        beforeLast();
        return false;
      }
      EventFacts facts = EventFacts.of(event);
      current = seen(event, facts);
      if (beforeLast != null) {
        pass(event, facts);
      }
    } catch (UpstreamException e) {
      fail(Refusals.of(e.failure()));
    } catch (ApiException e) {
      fail(e.error());
    } catch (LedgerUnavailableException e) {
      fail(Fail.LEDGER_AWAY);
    }
    return true;
  }

  private void pass(byte[] event, EventFacts facts) {
    passed.add(event);
    if (facts.kind() == EventFacts.Kind.DONE) {
      beforeLast();
    }
  }

  /** Once, whether the stream ends with {@code [DONE]} or without. */
  private void beforeLast() {
    if (beforeLast != null && !told) {
      told = true;
      beforeLast.accept(passed);
    }
  }

  private void fail(ApiError error) {
    over = true;
    current = ErrorBody.event(error.message(), error.type(), error.param(), error.code());
  }

  /**
   * The event as this caller is to see it: no usage where none was asked for, else with its cost.
   */
  private byte[] seen(byte[] event, EventFacts facts) {
    if (facts.usage() == null) {
      return event;
    }
    if (!usageWanted) {
      return facts.usageOnly() ? new byte[0] : event;
    }
    return StreamEvents.withCost(event, cost.of(facts.usage()));
  }

  @Override
  public void close() {
    reader.close();
  }
}
