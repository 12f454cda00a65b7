package dev.serai.egress;

import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.ErrorBody;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/**
 * What an exception of the AWS SDK means.
 *
 * @param failure what went wrong
 * @param sent whether any byte of the request may have reached Bedrock
 * @param reply what to answer where Bedrock is in order and said no, or nothing was sent for want
 *     of a connection; null where the failure speaks against Bedrock
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors">Converse's
 *     errors</a>
 */
record BedrockProblem(Failure failure, boolean sent, @Nullable Reply reply) {

  private static final int NOT_READY = 503;
  private static final int MODEL_ERROR = 424;

  /** The key is good, and may not do this. */
  private static final String ACCESS_DENIED = "AccessDeniedException";

  private static final Set<String> KEY_REFUSED =
      Set.of(
          "ExpiredTokenException",
          "IncompleteSignatureException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationTokenException",
          "UnrecognizedClientException");

  /** Reads an exception, or the one that an executor wrapped. */
  static BedrockProblem of(Throwable thrown, Clock clock) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case AwsServiceException said -> {
          return said(said, clock);
        }
        case ApiCallTimeoutException late -> {
          return failed(new Failure.Timeout(Phase.WHOLE_ANSWER), true);
        }
        case ConnectionPoolTimeoutException full -> {
          return busy();
        }
        case TimeoutException full -> {
          return busy();
        }
        case ConnectException refused -> {
          return network(refused, false);
        }
        case ConnectTimeoutException late -> {
          return network(late, false);
        }
        case UnknownHostException unknown -> {
          return network(unknown, false);
        }
        case SSLHandshakeException untrusted -> {
          return network(untrusted, false);
        }
        default -> {}
      }
    }
    return other(thrown);
  }

  /** The credentials could not be found: nothing was sent. */
  static BedrockProblem withoutCredentials() {
    return failed(new Failure.InvalidKey(401), false);
  }

  private static BedrockProblem other(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return network(cause, true);
      }
    }
    return thrown instanceof SdkException
        ? failed(new Failure.Unreadable("no answer of this API"), true)
        : network(thrown, true);
  }

  private static BedrockProblem network(Throwable cause, boolean sent) {
    return failed(new Failure.Network(cause.getClass().getSimpleName()), sent);
  }

  private static BedrockProblem busy() {
    return new BedrockProblem(new Failure.QueueFull(), false, new Reply.Busy());
  }

  private static BedrockProblem failed(Failure failure, boolean sent) {
    return new BedrockProblem(failure, sent, null);
  }

  private static BedrockProblem said(AwsServiceException said, Clock clock) {
    return switch (said) {
      case ModelNotReadyException e -> failed(new Failure.ServerError(NOT_READY), true);
      case ServiceUnavailableException e -> failed(new Failure.ServerError(503), true);
      case ModelTimeoutException e -> failed(new Failure.Timeout(Phase.WHOLE_ANSWER), true);
      case ModelErrorException e -> failed(new Failure.ServerError(MODEL_ERROR), true);
      case ModelStreamErrorException e -> failed(new Failure.ServerError(MODEL_ERROR), true);
      case ThrottlingException e -> refused(429, e, clock);
      case ServiceQuotaExceededException e -> refused(429, e, clock);
      default -> refused(status(said), said, clock);
    };
  }

  private static int status(AwsServiceException said) {
    AwsErrorDetails details = said.awsErrorDetails();
    String code = details == null ? "" : String.valueOf(details.errorCode());
    if (code.equals(ACCESS_DENIED)) {
      return 403;
    }
    if (KEY_REFUSED.contains(code)) {
      return 401;
    }
    int status = said.statusCode();
    if (status >= 400) {
      return status;
    }
    // Inside a stream an exception has no status of its own.
    return details != null && "ValidationException".equals(details.errorCode()) ? 400 : 500;
  }

  private static BedrockProblem refused(int status, AwsServiceException said, Clock clock) {
    Duration retryAfter = retryAfter(said, clock);
    Failure failure =
        switch (status) {
          case 401, 403 -> new Failure.InvalidKey(status);
          case 404 -> new Failure.NotFound();
          case 408, 409 -> new Failure.ServerError(status);
          case 429 -> new Failure.RateLimited(retryAfter);
          default -> status >= 500 ? new Failure.ServerError(status) : new Failure.Refused(status);
        };
    return failure instanceof Failure.ServerError
        ? failed(failure, true)
        : new BedrockProblem(
            failure,
            true,
            new Reply.Whole(status, body(status, said), "application/json", retryAfter));
  }

  private static byte[] body(int status, AwsServiceException said) {
    AwsErrorDetails details = said.awsErrorDetails();
    String message = details == null ? null : details.errorMessage();
    return ErrorBody.json(
        message == null || message.isBlank()
            ? "Bedrock refused the request with status " + status + " and gave no reason."
            : message,
        status == 429 ? "rate_limit_error" : "invalid_request_error",
        status == 404 ? "model" : null,
        status == 404 ? "model_not_found" : null);
  }

  private static @Nullable Duration retryAfter(AwsServiceException said, Clock clock) {
    AwsErrorDetails details = said.awsErrorDetails();
    SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
    return response == null
        ? null
        : RetryAfter.read(null, response.firstMatchingHeader("Retry-After").orElse(null), clock);
  }

  /** The failure of a call that has no reply. */
  UpstreamException exception() {
    return new UpstreamException(failure, sent);
  }
}
