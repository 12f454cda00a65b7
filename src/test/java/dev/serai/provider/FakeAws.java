package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AWS KMS and AWS STS on 127.0.0.1, by their wire protocols. The keys of KMS are real AES keys and
 * bind the encryption context; a request is refused whose signature is not that of a known key for
 * the right service.
 */
public final class FakeAws implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PROPERTIES =
      List.of("aws.endpointUrlKms", "aws.endpointUrlSts");

  private final HttpServer server;
  private final Map<String, byte[]> keys = new HashMap<>();
  private final Map<String, String> signers = new HashMap<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private volatile Duration session = Duration.ofHours(1);
  private volatile @Nullable String refusal;

  private FakeAws(HttpServer server) {
    this.server = server;
  }

  /** One to which the AWS SDK of this process sends what is for KMS and STS, until it is closed. */
  public static FakeAws start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FakeAws aws = new FakeAws(server);
      server.createContext("/", aws::answer);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      PROPERTIES.forEach(property -> System.setProperty(property, url));
      return aws;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a key of KMS. */
  public FakeAws key(String id) {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    keys.put(id, key);
    return this;
  }

  /** Knows somebody who may ask: the id of an access key and its secret. */
  public FakeAws signer(String keyId, String secretKey) {
    signers.put(keyId, secretKey);
    return this;
  }

  /** How long sessions of roles are good for. */
  public FakeAws sessions(Duration length) {
    session = length;
    return this;
  }

  /** Refuses everything with this error code and 403; null for no longer. */
  public FakeAws refuse(@Nullable String code) {
    refusal = code;
    return this;
  }

  /** What was asked, such as {@code Encrypt by AKIA1 in us-east-1} or {@code AssumeRole …}. */
  public List<String> log() {
    return log;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      AwsSignature signed = AwsSignature.of(exchange.getRequestHeaders().getFirst("Authorization"));
      String service = target == null ? "sts" : "kms";
      String secret = signed == null ? null : signers.get(signed.keyId());
      if (signed == null
          || secret == null
          || !signed.service().equals(service)
          || !signed.isOf(
              secret, name -> String.valueOf(exchange.getRequestHeaders().getFirst(name)), body)) {
        error(exchange, service, 403, "InvalidSignatureException");
        return;
      }
      String by = " by " + signed.keyId() + " in " + signed.region();
      if (target != null) {
        kms(exchange, target.replace("TrentService.", ""), JSON.readTree(body), by);
      } else {
        sts(exchange, form(body), by);
      }
    }
  }

  private void kms(HttpExchange exchange, String action, JsonNode asked, String by)
      throws IOException {
    log.add(action + by);
    byte[] key = keys.get(asked.path("KeyId").asText());
    if (refusal != null) {
      error(exchange, "kms", 400, refusal);
    } else if (key == null) {
      error(exchange, "kms", 400, "NotFoundException");
    } else {
      byte[] bound = asked.path("EncryptionContext").toString().getBytes(StandardCharsets.UTF_8);
      ObjectNode answer = JSON.createObjectNode().put("KeyId", asked.path("KeyId").asText());
      try {
        if (action.equals("Encrypt")) {
          answer.put("CiphertextBlob", encrypt(key, asked.path("Plaintext").binaryValue(), bound));
        } else {
          answer.put("Plaintext", decrypt(key, asked.path("CiphertextBlob").binaryValue(), bound));
        }
        send(exchange, 200, "application/x-amz-json-1.1", answer.toString());
      } catch (GeneralSecurityException e) {
        error(exchange, "kms", 400, "InvalidCiphertextException");
      }
    }
  }

  private static byte[] encrypt(byte[] key, byte[] plain, byte[] bound)
      throws GeneralSecurityException {
    byte[] iv = new byte[12];
    new SecureRandom().nextBytes(iv);
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv, bound);
    byte[] sealed = cipher.doFinal(plain);
    byte[] all = Arrays.copyOf(iv, iv.length + sealed.length);
    System.arraycopy(sealed, 0, all, iv.length, sealed.length);
    return all;
  }

  private static byte[] decrypt(byte[] key, byte[] sealed, byte[] bound)
      throws GeneralSecurityException {
    if (sealed.length < 12) {
      throw new GeneralSecurityException("too short");
    }
    return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, 12), bound)
        .doFinal(sealed, 12, sealed.length - 12);
  }

  private static Cipher cipher(int mode, byte[] key, byte[] iv, byte[] bound)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    cipher.updateAAD(bound);
    return cipher;
  }

  private void sts(HttpExchange exchange, Map<String, String> asked, String by) throws IOException {
    log.add(asked.get("Action") + " " + asked.get("RoleArn") + " " + asked.get("ExternalId") + by);
    if (refusal != null) {
      error(exchange, "sts", 403, refusal);
      return;
    }
    send(
        exchange,
        200,
        "text/xml",
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials><AccessKeyId>ASIAROLE%d</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>
        <SessionToken>role-token</SessionToken><Expiration>%s</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """
            .formatted(log.size(), Instant.now().plus(session)));
  }

  private static Map<String, String> form(String body) {
    Map<String, String> fields = new HashMap<>();
    for (String field : body.split("&", -1)) {
      int equals = field.indexOf('=');
      fields.put(
          field.substring(0, equals),
          URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static void error(HttpExchange exchange, String service, int status, String code)
      throws IOException {
    if (service.equals("kms")) {
      send(
          exchange,
          status,
          "application/x-amz-json-1.1",
          "{\"__type\":\"" + code + "\",\"message\":\"no, arn:aws:iam::999:user/platform\"}");
    } else {
      send(
          exchange,
          status,
          "text/xml",
          "<ErrorResponse><Error><Type>Sender</Type><Code>"
              + code
              + "</Code><Message>no,"
              + " arn:aws:iam::999:user/platform</Message></Error></ErrorResponse>");
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    PROPERTIES.forEach(System::clearProperty);
    server.stop(0);
  }
}
