package dev.serai.ledger;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * Open rows as bytes, for the journal; the first byte tells them from settlements and is the
 * version of the form.
 */
final class RowCodec {
  private static final byte VERSION = 'A';

  private RowCodec() {}

  static byte[] encode(OpenRow row) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeByte(VERSION);
      out.writeLong(row.id());
      out.writeUTF(row.requestId());
      out.writeInt(row.attempt());
      out.writeUTF(row.tenantId());
      SettlementCodec.text(out, row.keyId());
      out.writeUTF(row.account().name());
      out.writeUTF(row.entry());
      out.writeUTF(row.operation());
      SettlementCodec.text(out, row.roleName());
      out.writeUTF(row.target());
      out.writeUTF(row.providerName());
      SettlementCodec.text(out, row.requestModel());
      out.writeUTF(row.upstreamModel());
      SettlementCodec.text(out, row.promptVersion());
      out.writeBoolean(row.streamed());
      SettlementCodec.text(out, row.cacheState());
      out.writeLong(row.estInputTokens());
      out.writeLong(row.estOutputTokens());
      SettlementCodec.charge(out, row.estimate());
      SettlementCodec.text(out, row.reservation().column());
      Instant createdAt = row.createdAt();
      out.writeLong(createdAt.getEpochSecond());
      out.writeInt(createdAt.getNano());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Whether bytes are a row at all. */
  static boolean wrote(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == VERSION;
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException when the bytes are too short
   */
  static OpenRow decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1));
    return new OpenRow(
        in.readLong(),
        in.readUTF(),
        in.readInt(),
        in.readUTF(),
        SettlementCodec.text(in),
        Account.valueOf(in.readUTF()),
        in.readUTF(),
        in.readUTF(),
        SettlementCodec.text(in),
        in.readUTF(),
        in.readUTF(),
        SettlementCodec.text(in),
        in.readUTF(),
        SettlementCodec.text(in),
        in.readBoolean(),
        SettlementCodec.text(in),
        in.readLong(),
        in.readLong(),
        SettlementCodec.charge(in),
        Reservation.of(SettlementCodec.text(in), 0),
        Instant.ofEpochSecond(in.readLong(), in.readInt()));
  }
}
