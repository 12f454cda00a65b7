package dev.serai.admin;

import dev.serai.chat.ApiError;
import dev.serai.dialect.ErrorBody;
import dev.serai.ledger.LedgerUnavailableException;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What the admin API says when the database is away. */
@RestControllerAdvice(basePackageClasses = AdminErrors.class)
final class AdminErrors {

  private static final ApiError AWAY =
      ApiError.noTarget(
          "The database cannot be used now, and nothing was changed: try again after the time in"
              + " Retry-After.",
          Duration.ofSeconds(5));

  @ExceptionHandler({
    LedgerUnavailableException.class,
    DataAccessException.class,
    TransactionException.class
  })
  ResponseEntity<byte[]> away() {
    return ResponseEntity.status(AWAY.status())
        .contentType(MediaType.APPLICATION_JSON)
        .header("Retry-After", "5")
        .body(ErrorBody.json(AWAY.message(), AWAY.type(), AWAY.param(), AWAY.code()));
  }
}
