package dev.serai.route;

import dev.serai.catalog.GatewayProperties;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.Operation;
import dev.serai.oidc.TokenVerifier;
import dev.serai.report.UsageRequest;
import dev.serai.tenant.GatewayKey;
import dev.serai.web.RequestGate;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes over an HTTP request: reads the few headers that mean something here and forgets all the
 * others, so that nothing a caller writes can steer a route or come back to it.
 */
@Component("httpEntry")
final class HttpEntry {

  private static final int MAX_LABEL = 64;
  private static final String STATEMENTS = "/v1/statements/";

  private final GatewayProperties settings;
  private final TokenVerifier tokens;
  private final CallEnd callEnd;

  HttpEntry(GatewayProperties settings, TokenVerifier tokens, CallEnd callEnd) {
    this.settings = settings;
    this.tokens = tokens;
    this.callEnd = callEnd;
  }

  /** Begins a chat; its body is the bytes that were posted. */
  public void receive(Exchange exchange) {
    receive(exchange, Operation.CHAT);
  }

  /** As {@link #receive(Exchange)}, for an embeddings request. */
  public void receiveEmbeddings(Exchange exchange) {
    receive(exchange, Operation.EMBEDDINGS);
  }

  private void receive(Exchange exchange, Operation operation) {
    HttpServletRequest servlet = take(exchange);
    String requestId = RequestGate.requestId(servlet);
    Call call = new Call(requestId, "http", settings.deadline(), RequestGate.arrivedAt(servlet));
    exchange.setVariable(Variables.CALL, call);
    exchange.setVariable(Variables.REQUEST_ID, requestId);
    exchange.setVariable(Variables.ENTRY_NAME, "http");
    exchange.setVariable(Variables.OPERATION_NAME, operation.label());
    call.operation = operation;
    callEnd.watch(exchange, call);
    present(exchange, servlet);
    call.hintedRole = servlet.getHeader("x-serai-role");
    call.promptVersion = label(servlet.getHeader("x-serai-prompt-version"));
    cacheWish(call, servlet.getHeader("x-serai-cache"));
    if (operation == Operation.CHAT) {
      if (checkWish(servlet.getHeader("x-serai-validate"))) {
        exchange.setVariable(Variables.OUTPUT_FORMAT, "json");
      }
      converse(exchange, call, servlet.getHeader("x-serai-conversation"));
    }
    byte[] body = RequestGate.body(servlet);
    if (body.length == 0) {
      throw new ApiException(
          ApiError.invalidRequest(
              "The request has no body: send the request as JSON.", null, "empty_body"));
    }
    exchange.getMessage().setBody(body);
  }

  /** Begins a request that reads something about the gateway itself. */
  public void receiveQuery(Exchange exchange) {
    String path = beginQuery(exchange).getRequestURI();
    int models = path.indexOf("/v1/models/");
    exchange
        .getMessage()
        .setBody(models < 0 ? "" : decode(path.substring(models + "/v1/models/".length())));
  }

  /** Begins a request that reads what the caller's tenant has used; its body is the question. */
  public void receiveUsage(Exchange exchange) {
    HttpServletRequest servlet = beginQuery(exchange);
    exchange
        .getMessage()
        .setBody(
            new UsageReply.Question(
                servlet.getParameter("tenant") != null,
                new UsageRequest(
                    servlet.getParameter("from"),
                    servlet.getParameter("to"),
                    parameters(servlet, "group_by"),
                    servlet.getHeader("Accept"))));
  }

  /** Begins a request that reads a statement of the caller's tenant; its body is the question. */
  public void receiveStatement(Exchange exchange) {
    HttpServletRequest servlet = beginQuery(exchange);
    String path = servlet.getRequestURI();
    int at = path.indexOf(STATEMENTS);
    String month = at < 0 ? "" : decode(path.substring(at + STATEMENTS.length()));
    if (month.contains("/")) {
      throw new ApiException(
          ApiError.notFound("There is nothing at this path: ask for /v1/statements/2026-01."));
    }
    String accept = servlet.getHeader("Accept");
    exchange
        .getMessage()
        .setBody(
            new UsageReply.StatementQuestion(
                servlet.getParameter("tenant") != null,
                month,
                servlet.getParameter("time_zone"),
                accept != null && accept.contains("text/csv")));
  }

  private static List<String> parameters(HttpServletRequest servlet, String name) {
    String[] values = servlet.getParameterValues(name);
    return values == null ? List.of() : List.of(values);
  }

  /** Begins a request that reads or deletes a conversation. */
  public void receiveConversation(Exchange exchange) {
    HttpServletRequest servlet = beginQuery(exchange);
    String path = servlet.getRequestURI();
    exchange.setVariable(
        Variables.OPERATION_NAME, servlet.getMethod().equals("DELETE") ? "delete" : "get");
    converse(exchange, Call.of(exchange), decode(path.substring(path.lastIndexOf('/') + 1)));
  }

  private HttpServletRequest beginQuery(Exchange exchange) {
    HttpServletRequest servlet = take(exchange);
    Call call = new Call(RequestGate.requestId(servlet), "http", settings.deadline());
    call.query = true;
    exchange.setVariable(Variables.CALL, call);
    exchange.setVariable(Variables.REQUEST_ID, call.requestId);
    exchange.setVariable(Variables.ENTRY_NAME, "http");
    callEnd.watch(exchange, call);
    present(exchange, servlet);
    return servlet;
  }

  private static void converse(Exchange exchange, Call call, @Nullable String id) {
    if (id != null) {
      call.conversationId = Conversation.id(id);
      exchange.setVariable(Variables.CONVERSATION_ID, id);
    }
  }

  private static String decode(String text) {
    return java.net.URLDecoder.decode(
        text.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static HttpServletRequest take(Exchange exchange) {
    Message message = exchange.getMessage();
    if (!(message instanceof PlatformHttpMessage http)) {
      throw new IllegalStateException("this bean is for exchanges of platform-http");
    }
    HttpServletRequest servlet = http.getRequest();
    message.removeHeaders("*");
    return servlet;
  }

  private void present(Exchange exchange, HttpServletRequest servlet) {
    String key = RequestGate.bearer(servlet);
    if (key == null) {
      throw new ApiException(RequestGate.NO_KEY);
    }
    if (tokens.takesFromCaller(key)) {
      exchange.setVariable(Variables.TOKEN, key);
      return;
    }
    if (key.equals(dev.serai.tenant.Tenants.DEV_KEY) && !fromLoopback(servlet)) {
      throw new ApiException(
          ApiError.invalidApiKey(
              "The development key works from this machine only: configure a tenant and use its"
                  + " key."));
    }
    exchange.setVariable(Variables.KEY_HASH, GatewayKey.nameOf(key));
  }

  /** A wish that is misspelt would be a cache used against the caller's will. */
  private static void cacheWish(Call call, @Nullable String header) {
    if (header == null || header.isBlank()) {
      return;
    }
    for (String wish : header.split(",", -1)) {
      switch (wish.strip().toLowerCase(Locale.ROOT)) {
        case "no-store" -> call.noStore = true;
        case "refresh" -> call.refresh = true;
        default ->
            throw new ApiException(
                ApiError.invalidRequest(
                    "The header x-serai-cache takes no-store or refresh: send one of the two, or"
                        + " leave it out.",
                    "x-serai-cache",
                    null));
      }
    }
  }

  /** A wish that is misspelt would be an answer that nobody checked. */
  private static boolean checkWish(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return false;
    }
    if (!header.strip().equalsIgnoreCase("json")) {
      throw new ApiException(
          ApiError.invalidRequest(
              "The header x-serai-validate takes json: send that, or leave it out.",
              "x-serai-validate",
              null));
    }
    return true;
  }

  private static boolean fromLoopback(HttpServletRequest servlet) {
    try {
      return InetAddress.getByName(servlet.getRemoteAddr()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static @Nullable String label(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String clean = text.strip();
    return clean.length() > MAX_LABEL ? clean.substring(0, MAX_LABEL) : clean;
  }
}
