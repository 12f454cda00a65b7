package dev.serai.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What stands in the Authorization header of a {@code POST /} to AWS: its signature version 4. */
public record AwsSignature(
    String keyId, String day, String region, String service, String headers, String signature) {

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request,"
              + " ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

  /** Null when it is none. */
  public static @Nullable AwsSignature of(@Nullable String authorization) {
    Matcher signed = AUTHORIZATION.matcher(String.valueOf(authorization));
    return signed.matches()
        ? new AwsSignature(
            signed.group(1),
            signed.group(2),
            signed.group(3),
            signed.group(4),
            signed.group(5),
            signed.group(6))
        : null;
  }

  /** Whether it is what this key makes of the request, worked out anew. */
  public boolean isOf(String secretKey, UnaryOperator<String> header, String body) {
    try {
      StringBuilder canonical = new StringBuilder("POST\n/\n\n");
      for (String name : headers.split(";", -1)) {
        canonical.append(name).append(':').append(header.apply(name).strip()).append('\n');
      }
      canonical.append('\n').append(headers).append('\n').append(sha(body));
      String scope = day + "/" + region + "/" + service + "/aws4_request";
      String toSign =
          String.join(
              "\n",
              "AWS4-HMAC-SHA256",
              header.apply("x-amz-date"),
              scope,
              sha(canonical.toString()));
      byte[] key = ("AWS4" + secretKey).getBytes(UTF_8);
      for (String part : scope.split("/", -1)) {
        key = hmac(key, part);
      }
      return HexFormat.of().formatHex(hmac(key, toSign)).equals(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static String sha(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }
}
