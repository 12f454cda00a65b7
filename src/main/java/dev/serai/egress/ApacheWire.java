package dev.serai.egress;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.classic.MinimalHttpClient;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 by Apache HttpClient's classic, blocking API: the cheapest in CPU that was measured. */
final class ApacheWire implements Wire {

  /** Bytes; every connection keeps three of them, and what is larger goes past them. */
  private static final int SESSION_BUFFER = 1024;

  private final PoolingHttpClientConnectionManager pool;
  private final MinimalHttpClient client;
  private final RequestConfig config;

  ApacheWire(Duration connectTimeout, int maxConnections) {
    Timeout connect = Timeout.of(connectTimeout);
    pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
            .setConnPoolPolicy(PoolReusePolicy.LIFO)
            .setMaxConnPerRoute(maxConnections)
            .setMaxConnTotal(maxConnections)
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(Http1Config.custom().setBufferSize(SESSION_BUFFER).build())
                    .build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connect)
                    .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                    .setTimeToLive(TimeValue.ofMinutes(5))
                    .build())
            .setDefaultSocketConfig(
                SocketConfig.custom().setTcpNoDelay(true).setSoTimeout(Timeout.DISABLED).build())
            .build();
    client = HttpClients.createMinimal(pool);
    config =
        RequestConfig.custom()
            .setConnectionRequestTimeout(connect)
            .setResponseTimeout(Timeout.DISABLED)
            .build();
  }

  @Override
  public Call post(URI uri, Map<String, String> headers, byte[] body) {
    HttpPost post = new HttpPost(uri);
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    return call(post, headers);
  }

  @Override
  public Call get(URI uri, Map<String, String> headers) {
    return call(new HttpGet(uri), headers);
  }

  private Call call(HttpUriRequestBase request, Map<String, String> headers) {
    request.setConfig(config);
    headers.forEach(request::setHeader);
    return new ApacheCall(request);
  }

  @Override
  public void close() {
    pool.close(CloseMode.IMMEDIATE);
  }

  private final class ApacheCall implements Call {
    private final HttpUriRequestBase request;

    ApacheCall(HttpUriRequestBase request) {
      this.request = request;
    }

    @Override
    public Response open() throws IOException {
      try {
        HttpHost host =
            new HttpHost(
                request.getScheme(),
                request.getAuthority().getHostName(),
                request.getAuthority().getPort());
        return new ApacheResponse(client.executeOpen(host, request, null));
      } catch (ConnectTimeoutException
          | HttpHostConnectException
          | UnknownHostException
          | SSLHandshakeException
          | SSLPeerUnverifiedException e) {
        throw new NotSentException(e);
      } catch (ConnectionRequestTimeoutException e) {
        throw new NoneFreeException(e);
      } catch (RuntimeException e) {
        // Cancelled between two of its steps, the client stumbles over what it no longer has.
        if (request.isCancelled()) {
          throw new IOException("cancelled", e);
        }
        throw e;
      }
    }

    @Override
    public void cancel() {
      request.cancel();
    }
  }

  private record ApacheResponse(ClassicHttpResponse response) implements Response {
    @Override
    public int status() {
      return response.getCode();
    }

    @Override
    public @Nullable String header(String name) {
      Header header = response.getFirstHeader(name);
      return header == null ? null : header.getValue();
    }

    @Override
    public InputStream body() throws IOException {
      HttpEntity entity = response.getEntity();
      return entity == null ? InputStream.nullInputStream() : entity.getContent();
    }

    @Override
    public void release() {
      try {
        response.close();
      } catch (IOException e) {
        // The connection is closed either way; the answer was read or given up.
      }
    }
  }
}
