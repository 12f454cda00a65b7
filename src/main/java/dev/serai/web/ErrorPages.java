package dev.serai.web;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Errors that do not come from the pipeline, in the contract's form. */
@RestController
@RestControllerAdvice
final class ErrorPages implements ErrorController {

  /** What a bare status means here. */
  static ApiError error(int status) {
    return switch (status) {
      case 404 ->
          ApiError.notFound("There is nothing at this path: see the README for what there is.");
      case 405 -> ApiError.methodNotAllowed("This path takes another method: see Allow.");
      case 406 ->
          new ApiError(
              406,
              "invalid_request_error",
              "not_acceptable",
              "The answer is JSON: accept application/json.",
              null,
              null);
      case 408 ->
          new ApiError(
              408,
              "invalid_request_error",
              "request_timeout",
              "The body did not arrive in time: send it faster, or have serai.max-request-time"
                  + " raised.",
              null,
              null);
      case 413 -> ApiError.tooLarge("The request is too large.");
      case 415 -> ApiError.unsupportedMediaType("Send JSON with Content-Type: application/json.");
      case 503 ->
          ApiError.noTarget(
              "The gateway is stopping or not yet ready: try again.",
              java.time.Duration.ofSeconds(2));
      default ->
          status < 500
              ? new ApiError(
                  status,
                  "invalid_request_error",
                  "bad_request",
                  "The request cannot be read as HTTP: check its line and its headers.",
                  null,
                  null)
              : ApiError.internal("The gateway failed; its log says more.");
    };
  }

  /** Where the container sends what failed outside everything else. */
  @RequestMapping("/error")
  public void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    new JsonErrorResponse(response).fail(error(status instanceof Integer code ? code : 404));
  }

  /** An error that a controller of the admin API raised. */
  @ExceptionHandler(ApiException.class)
  public void known(ApiException e, HttpServletResponse response) throws IOException {
    new JsonErrorResponse(response).fail(e.error());
  }

  /** A query parameter of the admin API that cannot be read. */
  @ExceptionHandler(MethodArgumentTypeMismatchException.class)
  public void parameter(MethodArgumentTypeMismatchException e, HttpServletResponse response)
      throws IOException {
    new JsonErrorResponse(response)
        .fail(
            ApiError.invalidRequest(
                "The parameter " + e.getName() + " cannot be read.", e.getName(), null));
  }
}
