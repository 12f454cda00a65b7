package dev.serai.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.limit.Limit;
import dev.serai.limit.Limits;
import dev.serai.limit.Measure;
import dev.serai.limit.Subject;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sets limits. They may be set for what does not exist yet, which also keeps from telling what
 * exists.
 */
@RestController
@RequestMapping(value = "/admin/v1/limits/{scope}/{id}", produces = "application/json")
final class LimitController {

  private static final String CONCURRENCY = "concurrency";
  private static final Set<String> FIELDS =
      Stream.concat(Stream.of(Measure.values()).map(Measure::label), Stream.of(CONCURRENCY))
          .collect(Collectors.toUnmodifiableSet());

  private final Limits limits;

  LimitController(Limits limits) {
    this.limits = limits;
  }

  /** Sets all of a subject's limits, those that are left out to none. */
  @PutMapping
  ResponseEntity<byte[]> put(
      @PathVariable String scope, @PathVariable String id, HttpServletRequest request)
      throws IOException {
    Subject subject = ScopePath.subject(scope, id);
    Limit limit = read(AdminBody.bytes(request));
    limits.put(subject, limit, AdminGate.actor(request));
    return json(subject, limit);
  }

  /** What was set here; what is configured is not shown. */
  @GetMapping
  ResponseEntity<byte[]> get(@PathVariable String scope, @PathVariable String id) {
    Subject subject = ScopePath.subject(scope, id);
    return json(subject, found(limits.find(subject)));
  }

  /** Takes what was set here away; what is configured comes into force again. */
  @DeleteMapping
  ResponseEntity<byte[]> delete(
      @PathVariable String scope, @PathVariable String id, HttpServletRequest request) {
    Subject subject = ScopePath.subject(scope, id);
    return json(subject, found(limits.delete(subject, AdminGate.actor(request))));
  }

  private static Limit found(@Nullable Limit limit) {
    if (limit == null) {
      throw new ApiException(
          ApiError.notFound("No limit is set for this scope and id: PUT one to set it."));
    }
    return limit;
  }

  private static Limit read(byte[] body) {
    JsonNode root;
    try {
      root = AdminJson.MAPPER.readTree(body);
    } catch (IOException e) {
      throw invalid("The body cannot be read as JSON: send one object.", null);
    }
    if (!root.isObject()) {
      throw invalid("The body is a JSON object, such as {\"requests_per_minute\":60}.", null);
    }
    for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
      if (!FIELDS.contains(names.next())) {
        throw invalid(
            "A limit has the fields requests_per_minute, requests_per_day, tokens_per_minute,"
                + " tokens_per_day and concurrency, and no others.",
            null);
      }
    }
    Limit limit =
        new Limit(
            number(root, Measure.REQUESTS_PER_MINUTE.label()),
            number(root, Measure.REQUESTS_PER_DAY.label()),
            number(root, Measure.TOKENS_PER_MINUTE.label()),
            number(root, Measure.TOKENS_PER_DAY.label()),
            number(root, CONCURRENCY));
    String problem = limit.problem();
    if (problem != null) {
      throw invalid(problem, problem.startsWith("This") ? null : problem.split(" ", 2)[0]);
    }
    return limit;
  }

  private static @Nullable Long number(JsonNode root, String field) {
    JsonNode value = root.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw invalid(field + " takes a whole number of 1 or more, or null for no limit.", field);
    }
    return value.asLong();
  }

  private static ApiException invalid(String message, @Nullable String param) {
    return new ApiException(ApiError.invalidRequest(message, param, null));
  }

  private static ResponseEntity<byte[]> json(Subject subject, Limit limit) {
    ObjectNode root = AdminJson.object();
    root.put("scope", subject.scope().label());
    root.put("id", subject.id());
    for (Measure measure : Measure.values()) {
      root.put(measure.label(), limit.of(measure));
    }
    root.put(CONCURRENCY, limit.concurrency());
    return AdminJson.ok(root);
  }
}
