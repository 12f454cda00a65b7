package dev.serai.ledger;

import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Settlements as bytes, for the journal; the first byte is the version of the form. */
final class SettlementCodec {
  private static final byte VERSION = 1;

  private SettlementCodec() {}

  static byte[] encode(Settlement s) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(VERSION);
      out.writeLong(s.id());
      out.writeUTF(s.state().name());
      text(out, s.errorType());
      number(out, s.httpStatus() == null ? null : (Long) s.httpStatus().longValue());
      text(out, s.responseModel());
      text(out, s.finishReasons());
      usage(out, s.usage());
      charge(out, s.charge());
      number(out, s.firstByteMicros());
      out.writeLong(s.durationMicros());
      Instant completedAt = s.completedAt();
      out.writeLong(completedAt.getEpochSecond());
      out.writeInt(completedAt.getNano());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException when the bytes are of another version or too short
   */
  static Settlement decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    byte version = in.readByte();
    if (version != VERSION) {
      throw new IOException("journal record of version " + version);
    }
    long id = in.readLong();
    RowState state = RowState.valueOf(in.readUTF());
    String errorType = text(in);
    Long status = number(in);
    String responseModel = text(in);
    String finishReasons = text(in);
    Usage usage =
        new Usage(
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            number(in),
            in.readBoolean());
    Charge charge = charge(in);
    return new Settlement(
        id,
        state,
        errorType,
        status == null ? null : (Integer) status.intValue(),
        responseModel,
        finishReasons,
        usage,
        charge,
        number(in),
        in.readLong(),
        Instant.ofEpochSecond(in.readLong(), in.readInt()));
  }

  private static void usage(DataOutputStream out, Usage usage) throws IOException {
    out.writeLong(usage.inputTokens());
    out.writeLong(usage.outputTokens());
    out.writeLong(usage.cacheReadInputTokens());
    out.writeLong(usage.cacheWriteInputTokens());
    out.writeLong(usage.reasoningTokens());
    number(out, usage.providerCostNanos());
    out.writeBoolean(usage.estimated());
  }

  private static void charge(DataOutputStream out, Charge charge) throws IOException {
    number(out, charge.nanos());
    out.writeUTF(charge.state().name());
    text(out, charge.priceVersion());
    UnitPrices unit = charge.unit();
    out.writeBoolean(unit != null);
    if (unit != null) {
      out.writeLong(unit.input());
      out.writeLong(unit.output());
      out.writeLong(unit.cacheRead());
      out.writeLong(unit.cacheWrite());
    }
  }

  private static Charge charge(DataInputStream in) throws IOException {
    Long nanos = number(in);
    CostState state = CostState.valueOf(in.readUTF());
    String version = text(in);
    UnitPrices unit =
        in.readBoolean()
            ? new UnitPrices(in.readLong(), in.readLong(), in.readLong(), in.readLong())
            : null;
    return new Charge(nanos, state, version, unit);
  }

  private static void number(DataOutputStream out, @Nullable Long value) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeLong(value);
    }
  }

  private static @Nullable Long number(DataInputStream in) throws IOException {
    return in.readBoolean() ? (Long) in.readLong() : null;
  }

  private static void text(DataOutputStream out, @Nullable String value) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeUTF(value);
    }
  }

  private static @Nullable String text(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}
