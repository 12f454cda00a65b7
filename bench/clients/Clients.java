import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * CPU per call of one HTTP client, of this whole process: {@code java --class-path … Clients.java
 * <variant> <port>}. Callers are virtual threads that post to the stub and read the answer to its
 * end as a stream. Prints {@code variant phase callers calls/s CPU-µs/call failures} per phase;
 * failures since the line before.
 */
final class Clients {
  private static final byte[] WHOLE = body("");
  private static final byte[] STREAM =
      body(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
  private static final LongAdder BYTES = new LongAdder();
  private static final LongAdder FAILED = new LongAdder();

  interface Call {
    void post(byte[] body) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    String variant = args[0];
    URI url = URI.create("http://127.0.0.1:" + args[1] + "/direct/v1/chat/completions");
    Call call = variant.startsWith("jdk") ? jdk(variant, url) : apache(variant, url);
    run(call, WHOLE, 64, 4);
    run(call, STREAM, 64, 3);
    report(variant, "whole", 64, run(call, WHOLE, 64, 4));
    report(variant, "stream", 64, run(call, STREAM, 64, 4));
    report(variant, "whole", 1, run(call, WHOLE, 1, 2));
    System.exit(BYTES.sum() > 0 ? 0 : 1);
  }

  private static void report(String variant, String phase, int callers, double[] figures) {
    System.out.printf(
        "%s %s %d %.0f %.1f %d%n",
        variant, phase, callers, figures[0], figures[1], FAILED.sumThenReset());
  }

  /** Calls per second and process CPU microseconds per call. */
  private static double[] run(Call call, byte[] body, int callers, int seconds) throws Exception {
    LongAdder calls = new LongAdder();
    CountDownLatch ended = new CountDownLatch(callers);
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long begin = System.nanoTime();
    long cpu = system.getProcessCpuTime();
    long end = begin + seconds * 1_000_000_000L;
    for (int i = 0; i < callers; i++) {
      Thread.startVirtualThread(
          () -> {
            while (System.nanoTime() < end) {
              try {
                call.post(body);
                calls.increment();
              } catch (Exception broken) {
                FAILED.increment();
                System.err.println(broken);
              }
            }
            ended.countDown();
          });
    }
    ended.await();
    double used = system.getProcessCpuTime() - cpu;
    double elapsed = System.nanoTime() - begin;
    return new double[] {calls.sum() / (elapsed / 1e9), used / 1e3 / calls.sum()};
  }

  private static Call jdk(String variant, URI url) {
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    if (variant.contains("inline")) {
      builder.executor(Runnable::run);
    }
    HttpClient client = builder.build();
    boolean timed = variant.contains("timeout");
    return body -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(url)
              .header("Authorization", "Bearer sk-bench")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      if (timed) {
        request.timeout(Duration.ofSeconds(30));
      }
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      check(response.statusCode());
      try (InputStream in = response.body()) {
        drain(in);
      }
    };
  }

  private static Call apache(String variant, URI url) {
    Timeout timeout = variant.contains("timeout") ? Timeout.ofSeconds(30) : Timeout.DISABLED;
    RequestConfig requestConfig =
        RequestConfig.custom()
            .setResponseTimeout(timeout)
            .setConnectionRequestTimeout(Timeout.ofSeconds(30))
            .build();
    PoolingHttpClientConnectionManagerBuilder pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(512)
            .setMaxConnTotal(512);
    if (!variant.contains("default")) {
      pool.setConnPoolPolicy(PoolReusePolicy.LIFO)
          .setPoolConcurrencyPolicy(
              variant.contains("strict") ? PoolConcurrencyPolicy.STRICT : PoolConcurrencyPolicy.LAX)
          .setDefaultSocketConfig(
              SocketConfig.custom().setTcpNoDelay(true).setSoTimeout(timeout).build())
          .setDefaultConnectionConfig(
              ConnectionConfig.custom()
                  .setConnectTimeout(Timeout.ofSeconds(5))
                  .setSocketTimeout(timeout)
                  .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                  .setTimeToLive(TimeValue.ofMinutes(10))
                  .build());
      if (variant.contains("buffer")) {
        pool.setConnectionFactory(
            org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory.builder()
                .http1Config(Http1Config.custom().setBufferSize(16 * 1024).build())
                .build());
      }
    }
    PoolingHttpClientConnectionManager connections = pool.build();
    CloseableHttpClient client;
    if (variant.contains("minimal")) {
      client = HttpClients.createMinimal(connections);
    } else {
      HttpClientBuilder builder =
          HttpClients.custom()
              .setConnectionManager(connections)
              .setDefaultRequestConfig(requestConfig);
      if (!variant.contains("default")) {
        builder
            .disableContentCompression()
            .disableCookieManagement()
            .disableRedirectHandling()
            .disableAuthCaching()
            .disableAutomaticRetries()
            .disableConnectionState()
            .disableDefaultUserAgent();
      }
      client = builder.build();
    }
    HttpHost host = new HttpHost("http", url.getHost(), url.getPort());
    String path = url.getPath();
    HttpClientResponseHandler<Boolean> handler =
        response -> {
          check(response.getCode());
          drain(response.getEntity().getContent());
          return true;
        };
    boolean open = variant.contains("open");
    return body -> {
      HttpPost request = new HttpPost(path);
      request.setHeader("Authorization", "Bearer sk-bench");
      request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
      HttpClientContext context = HttpClientContext.create();
      context.setRequestConfig(requestConfig);
      if (open) {
        try (ClassicHttpResponse response = client.executeOpen(host, request, context)) {
          handler.handleResponse(response);
        }
      } else {
        client.execute(host, request, context, handler);
      }
    };
  }

  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[8192];
    for (int read; (read = in.read(buffer)) >= 0; ) {
      BYTES.add(read);
    }
  }

  private static void check(int status) throws IOException {
    if (status != 200) {
      throw new IOException("status " + status);
    }
  }

  private static byte[] body(String options) {
    return ("{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"A caravan of forty"
            + " asks for water at the gate of the serai.\"}]"
            + options
            + "}")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
