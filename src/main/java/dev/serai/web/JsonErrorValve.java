package dev.serai.web;

import dev.serai.chat.ApiError;
import dev.serai.dialect.ErrorBody;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** What Tomcat itself refuses, before any servlet sees it, is answered in JSON too. */
public final class JsonErrorValve extends ErrorReportValve {

  @Override
  protected void report(Request request, Response response, Throwable throwable) {
    if (response.getStatus() < 400 || response.getContentWritten() > 0) {
      return;
    }
    ApiError error = ErrorPages.error(response.getStatus());
    byte[] body = ErrorBody.json(error.message(), error.type(), error.param(), error.code());
    try {
      if (response.getHeader(RequestGate.REQUEST_ID_HEADER) == null) {
        response.setHeader(RequestGate.REQUEST_ID_HEADER, RequestGate.newRequestId());
      }
      response.setContentType("application/json");
      response.setContentLength(body.length);
      OutputStream out = response.getOutputStream();
      out.write(body);
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      // The client has gone, or the answer has begun: there is nobody to tell.
    }
  }
}
