package dev.serai.tenant.credential;

import dev.serai.catalog.Credential;
import dev.serai.catalog.Credential.ApiKey;
import dev.serai.catalog.Credential.AwsKeys;
import dev.serai.catalog.Credential.AwsRole;
import dev.serai.catalog.ErasableSecret;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Credentials as bytes, for encryption: a version, the kind, and each field with its length in
 * front, 65535 for none. Not JSON, so that no secret is read into texts that nobody can erase.
 */
final class CredentialBytes {

  private static final byte VERSION = 1;
  private static final int NONE = 0xffff;

  /** A shorter secret would be shown to too large a part. */
  private static final int HINT_FROM = 12;

  private static final int HINT_LENGTH = 4;

  private CredentialBytes() {}

  /** What it is called in lists. */
  static String kind(Credential credential) {
    return switch (credential) {
      case ApiKey key -> "api_key";
      case AwsKeys keys -> "aws_keys";
      case AwsRole role -> "aws_role";
    };
  }

  /** The last characters of what names it, by which people recognise it. */
  static String hint(Credential credential) {
    String text =
        switch (credential) {
          case ApiKey(ErasableSecret key) -> key.reveal();
          case AwsKeys keys -> keys.accessKeyId().reveal();
          case AwsRole role -> role.roleArn();
        };
    return text == null || text.length() < HINT_FROM
        ? "…"
        : "…" + text.substring(text.length() - HINT_LENGTH).replaceAll("[^A-Za-z0-9_-]", "?");
  }

  static byte[] of(Credential credential) {
    Fields fields = new Fields();
    switch (credential) {
      case ApiKey(ErasableSecret key) -> fields.begin('k').add(key);
      case AwsKeys keys ->
          fields
              .begin('a')
              .add(keys.accessKeyId())
              .add(keys.secretAccessKey())
              .add(keys.sessionToken())
              .add(keys.region());
      case AwsRole role ->
          fields.begin('r').add(role.roleArn()).add(role.externalId()).add(role.region());
    }
    return fields.bytes();
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws GeneralSecurityException when it is anything else
   */
  static Credential read(byte[] bytes) throws GeneralSecurityException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      if (in.get() == VERSION) {
        switch (in.get()) {
          case 'k' -> {
            return new ApiKey(required(in));
          }
          case 'a' -> {
            return new AwsKeys(required(in), required(in), secret(in), text(in));
          }
          case 'r' -> {
            return new AwsRole(Objects.requireNonNullElse(text(in), ""), text(in), text(in));
          }
          default -> {}
        }
      }
    } catch (BufferUnderflowException e) {
      throw new GeneralSecurityException("a credential that ends early");
    }
    throw new GeneralSecurityException("a credential of another version");
  }

  private static byte @Nullable [] field(ByteBuffer in) {
    int length = Short.toUnsignedInt(in.getShort());
    if (length == NONE) {
      return null;
    }
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }

  private static @Nullable ErasableSecret secret(ByteBuffer in) {
    byte[] value = field(in);
    return value == null ? null : new ErasableSecret(value);
  }

  private static ErasableSecret required(ByteBuffer in) throws GeneralSecurityException {
    ErasableSecret secret = secret(in);
    if (secret == null) {
      throw new GeneralSecurityException("a credential without its secret");
    }
    return secret;
  }

  private static @Nullable String text(ByteBuffer in) {
    byte[] value = field(in);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private static final class Fields {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    Fields begin(char kind) {
      out.write(VERSION);
      out.write(kind);
      return this;
    }

    Fields add(@Nullable ErasableSecret secret) {
      return add(secret == null ? null : secret.reveal());
    }

    Fields add(@Nullable String text) {
      byte[] value = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
      int length = text == null ? NONE : value.length;
      if (text != null && length >= NONE) {
        throw new IllegalArgumentException("a field of a credential is too long");
      }
      out.write(length >>> 8);
      out.write(length);
      out.writeBytes(value);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
