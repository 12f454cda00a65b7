package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Model;
import dev.serai.catalog.Role;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.Operation;
import dev.serai.ledger.Claim;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.Results;
import dev.serai.policy.Money;
import dev.serai.recall.Answer;
import dev.serai.telemetry.LogText;
import dev.serai.tenant.Tenant;
import dev.serai.web.RequestGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Files in, files out. A file is answered once whatever crashes: its answer is stored before it is
 * delivered, and the file leaves the inbox only after that.
 */
@Component("fileEntry")
final class FileEntry {

  private static final Logger LOG = LoggerFactory.getLogger("dev.serai.files");
  private static final String PROMPT_FILE = "promptFile";

  private static final ApiError AWAY =
      ApiError.noTarget(
          "The database cannot be used now: the file waits in the inbox.", Duration.ofSeconds(1));

  private final GatewayProperties settings;
  private final Catalog catalog;
  private final Inbox inbox;
  private final InboxWatch watch;
  private final Results results;
  private final Conversation conversation;
  private final CallEnd callEnd;
  private final Outbox outbox;

  /** Claims of this process that nobody works on, with the answer that could not be stored. */
  private final Map<String, Optional<String>> unfinished = new ConcurrentHashMap<>();

  FileEntry(
      GatewayProperties settings,
      Catalog catalog,
      Inbox inbox,
      InboxWatch watch,
      Results results,
      Conversation conversation,
      CallEnd callEnd) {
    this.settings = settings;
    this.catalog = catalog;
    this.inbox = inbox;
    this.watch = watch;
    this.results = results;
    this.conversation = conversation;
    this.callEnd = callEnd;
    this.outbox = new Outbox(settings.home());
  }

  /** Begins a call for a file; its body becomes the request of its folder's role. */
  public void receive(Exchange exchange) throws IOException {
    if (!(exchange.getMessage().getBody() instanceof GenericFile<?> found)) {
      throw new IllegalStateException("this bean is for exchanges of the file component");
    }
    exchange.getMessage().removeHeaders("*");
    Path relative = Path.of(found.getRelativeFilePath());
    PromptFile file = new PromptFile(inbox.folder(), relative);
    if (!watch.knows(file)) {
      exchange.setRouteStop(true);
      return;
    }
    Call call = new Call(RequestGate.newRequestId(), "file", settings.deadline());
    exchange.setVariable(Variables.CALL, call);
    exchange.setVariable(Variables.REQUEST_ID, call.requestId);
    exchange.setVariable(Variables.ENTRY_NAME, "file");
    call.hintedRole = relative.getNameCount() > 1 ? relative.getName(0).toString() : null;
    call.operation = operation(call.hintedRole);
    exchange.setVariable(Variables.OPERATION_NAME, call.operation.label());
    exchange.setProperty(PROMPT_FILE, file);
    LOG.info("file started name={} request={}", safe(relative), call.requestId);
    callEnd.watch(exchange, call);
    Tenant tenant = tenant();
    call.tenant = tenant;
    exchange.setVariable(Variables.TENANT_ID, tenant.id());
    byte[] request = file.read(settings.maxRequestSize().toBytes(), call.operation);
    claim(file, tenant);
    if (file.conversationId != null) {
      call.conversationId = Conversation.id(file.conversationId);
      exchange.setVariable(Variables.CONVERSATION_ID, call.conversationId);
    }
    exchange.setVariable(Variables.ANSWERED, file.result != null);
    exchange.getMessage().setBody(request);
  }

  /** What a folder's files ask for: what its role makes. */
  private Operation operation(@Nullable String roleName) {
    Role role = roleName == null ? null : catalog.role(roleName);
    return role != null && role.kind() == Model.Kind.EMBEDDING
        ? Operation.EMBEDDINGS
        : Operation.CHAT;
  }

  private Tenant tenant() {
    Tenant tenant = inbox.tenant();
    if (tenant == null) {
      throw new ApiException(
          ApiError.rateLimited("Nobody pays for files now: the file waits in the inbox.", null));
    }
    return tenant;
  }

  private void claim(PromptFile file, Tenant tenant) {
    Optional<String> ours = unfinished.remove(file.key());
    if (ours != null) {
      file.claim = new Claim.New();
      file.result = ours.orElse(null);
      return;
    }
    try {
      file.claim = results.claim(file.key(), tenant.id(), file.fingerprint());
    } catch (DataAccessException e) {
      throw new ApiException(AWAY);
    }
    if (file.claim instanceof Claim.InProgress) {
      throw new ApiException(
          ApiError.rateLimited("Another replica is working on this file.", null));
    }
    if (file.claim instanceof Claim.Done done) {
      file.result = done.body();
      file.stored = true;
    }
  }

  /**
   * The answer is safe after this: whatever happens now, it will be delivered and not asked again.
   */
  public void store(Exchange exchange) {
    Call call = Call.of(exchange);
    PromptFile file = file(exchange);
    if (!(call.answer instanceof Answer.Complete complete)) {
      throw refused(call.answer);
    }
    String result = FileResult.json(call, complete.stored());
    if (call.turn == null) {
      file.result = result;
      store(file, result);
    } else {
      conversation.store(call, complete.stored().asWhole(), () -> results.done(file.key(), result));
      file.result = result;
      file.stored = true;
    }
  }

  private void store(PromptFile file, String result) {
    try {
      results.done(file.key(), result);
      file.stored = true;
    } catch (DataAccessException e) {
      throw new ApiException(AWAY);
    }
  }

  private static ApiException refused(@Nullable Answer answer) {
    int status = answer instanceof Answer.Refusal refusal ? refusal.status() : 500;
    return new ApiException(
        ApiError.invalidRequest(
            "The provider refused the request with status "
                + status
                + ": check the model and the parameters in the file.",
            null,
            "provider_refused"));
  }

  /** Writes the answer into the outbox and takes the file out of the inbox. */
  public void deliver(Exchange exchange) {
    PromptFile file = file(exchange);
    String result = String.valueOf(file.result);
    boolean before = file.claim instanceof Claim.Done;
    if (!file.stored) {
      store(file, result);
    }
    FileResult.Delivery delivery;
    try {
      delivery = FileResult.read(result);
      outbox.deliver(file, delivery.content(), result);
    } catch (IOException | RuntimeException e) {
      postpone(file, "the answer cannot be written: " + reason(e));
      return;
    }
    LOG.info(
        "file finished name={} target={} tokens={}+{} cost={} request={}{}",
        safe(file.relative()),
        delivery.target(),
        delivery.tokensInput(),
        delivery.tokensOutput(),
        delivery.costNanos() == null ? "unpriced" : Money.text(delivery.costNanos()),
        delivery.requestId(),
        before ? " (answered before)" : "");
    takeAway(file);
  }

  /** A file that was changed meanwhile stays: it is another question. */
  private void takeAway(PromptFile file) {
    try {
      if (file.unchanged()) {
        Files.deleteIfExists(file.path());
      }
    } catch (IOException e) {
      watch.untilChanged(file);
      LOG.warn(
          "file answered but not taken out of the inbox name={} because={}",
          safe(file.relative()),
          reason(e));
      return;
    }
    try {
      results.forget(file.key());
    } catch (DataAccessException e) {
      LOG.debug("the stored answer of a file that was delivered stays until it is purged");
    }
  }

  /**
   * Moves the file to {@code failed} with the reason, or leaves it for later when its answer is
   * known, when the database is away, or when it was just too early. Never throws.
   */
  public void fail(Exchange exchange) {
    ApiError error = exchange.getProperty(Fail.ERROR, ApiError.class);
    Call call = exchange.getVariable(Variables.CALL, Call.class);
    PromptFile file = exchange.getProperty(PROMPT_FILE, PromptFile.class);
    if (file == null || error == null || call == null) {
      return;
    }
    if (error.equals(AWAY) || ledgerAway(exchange)) {
      postpone(file, "the database is away");
    } else if (file.result != null) {
      postpone(file, error.code());
    } else if (error.status() == 429 && call.attempts == 0 && error.retryAfter() != null) {
      watch.later(file, error.retryAfter());
      LOG.info("file waits name={} because={}", safe(file.relative()), error.code());
    } else {
      moveAway(file, call, error);
    }
    giveUp(file);
  }

  private static boolean ledgerAway(Exchange exchange) {
    Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof LedgerUnavailableException) {
        return true;
      }
    }
    return false;
  }

  private void moveAway(PromptFile file, Call call, ApiError error) {
    String outcome = "failed";
    try {
      outbox.fail(file, call.requestId, error);
    } catch (IOException | RuntimeException e) {
      watch.untilChanged(file);
      outcome = "failed and stays in the inbox, because " + reason(e) + ",";
    }
    LOG.warn(
        "file {} name={} status={} error={} request={}",
        outcome,
        safe(file.relative()),
        error.status(),
        error.code() == null ? error.type() : error.code(),
        call.requestId);
  }

  private void postpone(PromptFile file, @Nullable String because) {
    Level level = watch.later(file) ? Level.WARN : Level.INFO;
    LOG.atLevel(level).log("file waits name={} because={}", safe(file.relative()), because);
  }

  /** Lets the next one who comes answer the file, unless its answer is known. */
  private void giveUp(PromptFile file) {
    if (!(file.claim instanceof Claim.New) || file.stored) {
      return;
    }
    if (file.result != null) {
      unfinished.put(file.key(), Optional.of(file.result));
      return;
    }
    try {
      results.forget(file.key());
    } catch (DataAccessException e) {
      unfinished.put(file.key(), Optional.empty());
    }
  }

  /** What an exception says where that can be nothing but names of files. */
  private static CharSequence reason(Exception e) {
    return e instanceof IOException
        ? LogText.safe(String.valueOf(e.getMessage()))
        : e.getClass().getSimpleName();
  }

  private static CharSequence safe(Path name) {
    return LogText.safe(name.toString());
  }

  private static PromptFile file(Exchange exchange) {
    PromptFile file = exchange.getProperty(PROMPT_FILE, PromptFile.class);
    if (file == null) {
      throw new IllegalStateException("receive comes first");
    }
    return file;
  }

  /** The kinds of file that are taken. */
  static @Nullable String kind(Path name) {
    String text = name.toString().toLowerCase(Locale.ROOT);
    int dot = text.lastIndexOf('.');
    return switch (dot < 0 ? "" : text.substring(dot + 1)) {
      case "txt", "md" -> "text";
      case "json" -> "json";
      default -> null;
    };
  }
}
