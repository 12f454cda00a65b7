package dev.serai.egress;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** HTTP/2 where the provider speaks it (ALPN, or h2c by upgrade), by the JDK's own client. */
final class JdkWire implements Wire {

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  JdkWire(Duration connectTimeout) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(connectTimeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(executor)
            .build();
  }

  @Override
  public Call post(URI uri, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return call(request, headers);
  }

  @Override
  public Call get(URI uri, Map<String, String> headers) {
    return call(HttpRequest.newBuilder(uri).GET(), headers);
  }

  private Call call(HttpRequest.Builder request, Map<String, String> headers) {
    headers.forEach(request::setHeader);
    return new JdkCall(request.build());
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }

  private final class JdkCall implements Call {
    private final HttpRequest request;
    private volatile boolean cancelled;
    private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> pending;
    private volatile @Nullable InputStream body;

    JdkCall(HttpRequest request) {
      this.request = request;
    }

    @Override
    public Response open() throws IOException {
      CompletableFuture<HttpResponse<InputStream>> future =
          client.sendAsync(request, head -> new ArrivedBytes());
      pending = future;
      if (cancelled) {
        future.cancel(true);
      }
      try {
        HttpResponse<InputStream> response = future.get();
        body = response.body();
        if (cancelled) {
          response.body().close();
        }
        return new JdkResponse(response);
      } catch (InterruptedException e) {
        future.cancel(true);
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (CancellationException e) {
        throw new IOException("cancelled", e);
      } catch (ExecutionException e) {
        throw asIo(e.getCause());
      }
    }

    private static IOException asIo(@Nullable Throwable cause) {
      return switch (cause) {
        case ConnectException e -> new NotSentException(e);
        case HttpConnectTimeoutException e -> new NotSentException(e);
        case IOException e -> e;
        case null, default -> new IOException(cause);
      };
    }

    @Override
    public void cancel() {
      cancelled = true;
      CompletableFuture<?> future = pending;
      if (future != null) {
        future.cancel(true);
      }
      InputStream open = body;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // Closing is how this client cancels; it is cancelled now.
        }
      }
    }
  }

  private record JdkResponse(HttpResponse<InputStream> response) implements Response {
    @Override
    public int status() {
      return response.statusCode();
    }

    @Override
    public @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public InputStream body() {
      return response.body();
    }

    @Override
    public void release() {
      try {
        response.body().close();
      } catch (IOException e) {
        // Read or given up: nothing is left to save.
      }
    }
  }
}
