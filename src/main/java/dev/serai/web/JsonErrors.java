package dev.serai.web;

import dev.serai.chat.ApiError;
import dev.serai.dialect.ErrorBody;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses, before any servlet sees it, is answered in JSON too. */
final class JsonErrors extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getAttribute(ERROR_EXCEPTION) instanceof HttpException refused) {
      response.setStatus(refused.getCode());
    }
    ApiError error = ErrorPages.error(response.getStatus());
    byte[] body = ErrorBody.json(error.message(), error.type(), error.param(), error.code());
    if (!response.getHeaders().contains(RequestGate.REQUEST_ID_HEADER)) {
      response.getHeaders().put(RequestGate.REQUEST_ID_HEADER, RequestGate.newRequestId());
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
