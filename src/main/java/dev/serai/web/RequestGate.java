package dev.serai.web;

import dev.serai.catalog.GatewayProperties;
import dev.serai.chat.ApiError;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.BadMessageException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The first to see a request. Names it, turns it away while the gateway starts or stops, takes in
 * its body within bounds, and makes every error a JSON one, whoever raises it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class RequestGate implements Filter {

  /** Answers carry the request's name here. */
  public static final String REQUEST_ID_HEADER = "x-serai-request-id";

  private static final String ID = RequestGate.class.getName() + ".id";
  private static final String ARRIVED = RequestGate.class.getName() + ".arrived";
  private static final String BODY = RequestGate.class.getName() + ".body";
  private static final String BEARER = "Bearer ";
  private static final byte[] EMPTY = {};

  /** For a request that presents no key at all. */
  public static final ApiError NO_KEY =
      ApiError.invalidApiKey(
          "No gateway key was sent, or more than one: put one into the header Authorization: Bearer"
              + " <key>.");

  private static final ApiError TOO_MUCH_TOGETHER =
      ApiError.rateLimited(
          "The requests in flight are too large together: try again after the time in Retry-After.",
          Duration.ofSeconds(1));

  private final long maxBody;
  private final Intake intake;
  private volatile boolean open;

  /** Takes its bounds from the settings. */
  public RequestGate(GatewayProperties settings) {
    maxBody = settings.maxRequestSize().toBytes();
    intake =
        new Intake(
            maxBody,
            settings.maxBufferedSize().toBytes(),
            settings.maxRequestTime(),
            System::nanoTime);
  }

  /** Opens the gate when the routes are started, and closes it before they are stopped. */
  @EventListener
  public void changed(AvailabilityChangeEvent<ReadinessState> event) {
    open = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
  }

  /** The name this request goes by in answers, logs and the ledger. */
  public static String requestId(HttpServletRequest request) {
    return request.getAttribute(ID) instanceof String id ? id : newRequestId();
  }

  /** A fresh name; unique, and not a secret. */
  public static String newRequestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return "req-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** When the request came, by {@link System#nanoTime}. */
  public static long arrivedAt(HttpServletRequest request) {
    return request.getAttribute(ARRIVED) instanceof Long nanos ? nanos : System.nanoTime();
  }

  /** The request's body; empty when it has none. */
  public static byte[] body(HttpServletRequest request) {
    return request.getAttribute(BODY) instanceof byte[] body ? body : EMPTY;
  }

  /**
   * The key in {@code Authorization: Bearer}; null when there is none, or more than one such
   * header: then a proxy in front may have looked at another than we would.
   */
  public static @Nullable String bearer(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Authorization");
    String header = headers.hasMoreElements() ? headers.nextElement() : null;
    if (header == null
        || headers.hasMoreElements()
        || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    String key = header.substring(BEARER.length()).strip();
    return key.isEmpty() ? null : key;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse plain)) {
      chain.doFilter(request, response);
      return;
    }
    String id = newRequestId();
    http.setAttribute(ID, id);
    http.setAttribute(ARRIVED, System.nanoTime());
    plain.setHeader(REQUEST_ID_HEADER, id);
    JsonErrorResponse answer = new JsonErrorResponse(plain);
    if (!open && needsRoutes(http.getRequestURI())) {
      answer.fail(ErrorPages.error(HttpServletResponse.SC_SERVICE_UNAVAILABLE));
      return;
    }
    if (!takesJson(http)) {
      pass(http, http, answer, chain);
      return;
    }
    ApiError error = unacceptable(http);
    if (error != null) {
      answer.fail(error);
      return;
    }
    try (Intake.Body body = intake.body()) {
      switch (body.read(http)) {
        case TOO_LARGE -> answer.fail(tooLarge());
        case TOO_MUCH_TOGETHER -> answer.fail(TOO_MUCH_TOGETHER);
        case TOO_SLOW -> answer.sendError(HttpServletResponse.SC_REQUEST_TIMEOUT);
        case TAKEN -> {
          http.setAttribute(BODY, body.bytes());
          pass(http, new BodyTaken(http), answer, chain);
        }
      }
    }
  }

  private static void pass(
      HttpServletRequest request, ServletRequest on, JsonErrorResponse answer, FilterChain chain)
      throws IOException, ServletException {
    if (request.getMethod().equals("TRACE")) {
      // It would show a page's script the headers that a browser adds.
      answer.fail(ErrorPages.error(HttpServletResponse.SC_METHOD_NOT_ALLOWED));
    } else if (request.getQueryString() != null && !readable(request)) {
      answer.fail(ErrorPages.error(HttpServletResponse.SC_BAD_REQUEST));
    } else {
      chain.doFilter(on, answer);
    }
  }

  private static boolean readable(HttpServletRequest request) {
    try {
      request.getParameterMap();
      return true;
    } catch (BadMessageException | IllegalStateException e) {
      return false;
    }
  }

  private static boolean needsRoutes(String path) {
    return path.startsWith("/v1/") || path.equals("/health");
  }

  private static boolean takesJson(HttpServletRequest request) {
    return request.getMethod().equals("POST") && request.getRequestURI().startsWith("/v1/");
  }

  /** What is wrong with the head, found before any of the body is read. */
  private static @Nullable ApiError unacceptable(HttpServletRequest request) {
    if (bearer(request) == null) {
      return NO_KEY;
    }
    String type = request.getContentType();
    if (type == null || !isJson(type)) {
      return ApiError.unsupportedMediaType(
          "Send the header Content-Type: application/json with a JSON body.");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return ApiError.unsupportedMediaType(
          "Compressed bodies are not taken: send it without Content-Encoding.");
    }
    return null;
  }

  private static boolean isJson(String contentType) {
    int end = contentType.indexOf(';');
    String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
    return type.equalsIgnoreCase("application/json");
  }

  private ApiError tooLarge() {
    return ApiError.tooLarge(
        "The body is larger than "
            + maxBody
            + " bytes: send less, or have serai.max-request-size raised.");
  }

  /** A request whose body was taken in; whoever looks for one need not try to read it. */
  private static final class BodyTaken extends HttpServletRequestWrapper {
    BodyTaken(HttpServletRequest request) {
      super(request);
    }

    @Override
    public int getContentLength() {
      return 0;
    }

    @Override
    public long getContentLengthLong() {
      return 0;
    }
  }
}
