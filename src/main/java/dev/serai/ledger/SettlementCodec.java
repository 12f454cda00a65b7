package dev.serai.ledger;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
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
  private static final byte VERSION = 2;

  /** Without what a cost was reckoned from beside ordinary tokens. */
  private static final byte FIRST = 1;

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
    if (version != VERSION && version != FIRST) {
      throw new IOException("journal record of version " + version);
    }
    long id = in.readLong();
    RowState state = RowState.valueOf(in.readUTF());
    String errorType = text(in);
    Long status = number(in);
    String responseModel = text(in);
    String finishReasons = text(in);
    Usage usage = version == FIRST ? firstUsage(in) : usage(in);
    Charge charge = version == FIRST ? firstCharge(in) : charge(in);
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
    out.writeLong(usage.cacheWriteHourInputTokens());
    out.writeLong(usage.reasoningTokens());
    Usage.Details details = usage.details();
    boolean any = !details.equals(Usage.Details.NONE);
    out.writeBoolean(any);
    if (any) {
      out.writeLong(details.audioInput());
      out.writeLong(details.imageInput());
      out.writeLong(details.audioOutput());
      out.writeLong(details.imageOutput());
      out.writeLong(details.acceptedPrediction());
      out.writeLong(details.rejectedPrediction());
    }
    out.writeUTF(usage.serviceTier().name());
    number(out, usage.providerCostNanos());
    out.writeBoolean(usage.estimated());
  }

  private static Usage usage(DataInputStream in) throws IOException {
    return new Usage(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readBoolean() ? details(in) : Usage.Details.NONE,
        ServiceTier.valueOf(in.readUTF()),
        number(in),
        in.readBoolean());
  }

  private static Usage.Details details(DataInputStream in) throws IOException {
    return new Usage.Details(
        in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  private static Usage firstUsage(DataInputStream in) throws IOException {
    return new Usage(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        number(in),
        in.readBoolean());
  }

  static void charge(DataOutputStream out, Charge charge) throws IOException {
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
      out.writeLong(unit.cacheWriteHour());
      out.writeLong(unit.reasoning());
      media(out, unit.media());
    }
    number(out, charge.basis().netNanos());
    out.writeInt(charge.basis().markUp());
    out.writeLong(charge.basis().perRequestNanos());
  }

  private static void media(DataOutputStream out, MediaPrices media) throws IOException {
    boolean any = !media.equals(MediaPrices.NONE);
    out.writeBoolean(any);
    if (any) {
      number(out, media.audioInput());
      number(out, media.audioOutput());
      number(out, media.imageInput());
      number(out, media.imageOutput());
    }
  }

  private static MediaPrices media(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? new MediaPrices(number(in), number(in), number(in), number(in))
        : MediaPrices.NONE;
  }

  static Charge charge(DataInputStream in) throws IOException {
    Long nanos = number(in);
    CostState state = CostState.valueOf(in.readUTF());
    String version = text(in);
    UnitPrices unit =
        in.readBoolean()
            ? new UnitPrices(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                media(in))
            : null;
    Charge.Basis basis = new Charge.Basis(number(in), in.readInt(), in.readLong());
    return new Charge(nanos, state, version, unit, basis);
  }

  private static Charge firstCharge(DataInputStream in) throws IOException {
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

  static void text(DataOutputStream out, @Nullable String value) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeUTF(value);
    }
  }

  static @Nullable String text(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}
