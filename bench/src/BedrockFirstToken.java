import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * How long the first token of a Bedrock stream takes: by the AWS SDK alone, and through the
 * gateway, both against the same server, one call at a time and in turns. Run by {@code
 * bench/bedrock.sh}.
 *
 * <p>Arguments: the server's port, the gateway's URL, the calls to warm up with and to measure.
 * Prints one line {@code RESULT key=value …} in microseconds.
 */
final class BedrockFirstToken {
  private static final String MODEL = "anthropic.claude-3-haiku-20240307-v1:0";
  private static final int TOKENS = 20;

  private BedrockFirstToken() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    URI gateway = URI.create(args[1]);
    int warmUp = Integer.parseInt(args[2]);
    int calls = Integer.parseInt(args[3]);
    Thread.ofPlatform().daemon().start(() -> serve(port));
    try (BedrockRuntimeAsyncClient sdk = client(port);
        Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setTcpNoDelay(true);
      long[] direct = new long[calls];
      long[] through = new long[calls];
      for (int i = -warmUp; i < calls; i++) {
        long one = direct(sdk, "call " + i);
        long other = through(socket, "call " + i);
        if (i >= 0) {
          direct[i] = one;
          through[i] = other;
        }
      }
      Arrays.sort(direct);
      Arrays.sort(through);
      System.out.printf(
          "RESULT calls=%d sdk_p50=%d sdk_p99=%d gateway_p50=%d gateway_p99=%d added_p50=%d%n",
          calls,
          at(direct, 50),
          at(direct, 99),
          at(through, 50),
          at(through, 99),
          at(through, 50) - at(direct, 50));
    }
  }

  private static long at(long[] sorted, int percent) {
    return sorted[sorted.length * percent / 100] / 1000;
  }

  private static BedrockRuntimeAsyncClient client(int port) {
    return BedrockRuntimeAsyncClient.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create("http://127.0.0.1:" + port))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIABENCH", "bench")))
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
        .build();
  }

  /** Nanoseconds from the call to the first token. */
  private static long direct(BedrockRuntimeAsyncClient sdk, String text) throws Exception {
    CompletableFuture<Long> first = new CompletableFuture<>();
    long start = System.nanoTime();
    CompletableFuture<Void> done =
        sdk.converseStream(
            request ->
                request
                    .modelId(MODEL)
                    .messages(
                        software.amazon.awssdk.services.bedrockruntime.model.Message.builder()
                            .role(ConversationRole.USER)
                            .content(ContentBlock.fromText(text))
                            .build()),
            ConverseStreamResponseHandler.builder()
                .subscriber(
                    ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockDelta(delta -> first.complete(System.nanoTime()))
                        .build())
                .build());
    long taken = first.get() - start;
    done.get();
    return taken;
  }

  /** The same through the gateway, over one connection that stays open. */
  private static long through(Socket socket, String text) throws IOException {
    byte[] body =
        """
        {"model":"bedrock/%s","stream":true,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(MODEL, text)
            .getBytes(StandardCharsets.UTF_8);
    String head =
        """
        POST /v1/chat/completions HTTP/1.1\r
        Host: gateway\r
        Authorization: Bearer sk-serai-dev\r
        x-serai-cache: no-store\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(body.length);
    long start = System.nanoTime();
    OutputStream out = new BufferedOutputStream(socket.getOutputStream());
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    long first = 0;
    StringBuilder seen = new StringBuilder();
    byte[] buffer = new byte[16 * 1024];
    InputStream in = socket.getInputStream();
    while (seen.indexOf("\r\n0\r\n\r\n") < 0) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new IOException("the gateway closed the connection: " + seen);
      }
      seen.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      if (first == 0 && seen.indexOf("\"content\":\"token") >= 0) {
        first = System.nanoTime();
      }
    }
    if (first == 0) {
      throw new IOException("no token came: " + seen);
    }
    return first - start;
  }

  /** A Bedrock that answers every call with the same stream, message by message. */
  private static void serve(int port) {
    try (ServerSocket listener = new ServerSocket(port, 100, InetAddress.getLoopbackAddress())) {
      byte[][] messages = messages();
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> answer(socket, messages));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void answer(Socket socket, byte[][] messages) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new java.io.BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (skipRequest(in)) {
        out.write(
            ("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        for (byte[] message : messages) {
          out.write(message);
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The client has left.
    }
  }

  private static boolean skipRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return false;
      }
      head.append((char) b);
    }
    String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
    int at = lower.indexOf("content-length:") + "content-length:".length();
    in.skipNBytes(Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)).strip()));
    return true;
  }

  private static byte[][] messages() {
    byte[][] all = new byte[TOKENS + 3][];
    all[0] = chunk("messageStart", "{\"role\":\"assistant\"}");
    for (int i = 1; i <= TOKENS; i++) {
      String delta = "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"token " + i + "\"}}";
      all[i] = chunk("contentBlockDelta", delta);
    }
    all[TOKENS + 1] = chunk("messageStop", "{\"stopReason\":\"end_turn\"}");
    all[TOKENS + 2] =
        chunk("metadata", "{\"usage\":{\"inputTokens\":9,\"outputTokens\":20,\"totalTokens\":29}}");
    return all;
  }

  private static byte[] chunk(String type, String json) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":event-type", HeaderValue.fromString(type));
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put(":message-type", HeaderValue.fromString("event"));
    var encoded = new Message(headers, json.getBytes(StandardCharsets.UTF_8)).toByteBuffer();
    int length = encoded.remaining();
    byte[] head = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] chunk = Arrays.copyOf(head, head.length + length + 2);
    encoded.get(chunk, head.length, length);
    chunk[head.length + length] = '\r';
    chunk[head.length + length + 1] = '\n';
    return chunk;
  }
}
