package dev.serai.route;

import dev.serai.catalog.Dialect;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Model;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.chat.ChatMessage;
import dev.serai.dialect.Answers;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.StreamAssembler;
import dev.serai.egress.PromptTokens;
import dev.serai.ledger.ConversationHolds;
import dev.serai.ledger.Conversations;
import dev.serai.ledger.Conversations.NewMessage;
import dev.serai.ledger.Conversations.Outline;
import dev.serai.ledger.StoredMessage;
import dev.serai.policy.TokenCounter;
import dev.serai.recall.Answer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts what was said before in front of a request that names a conversation, and stores what it
 * says and is answered before the answer's last byte goes out. Requests of one conversation take
 * turns.
 */
@Component("conversation")
final class Conversation {

  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Of the window of a model whose tokens are only estimated, this much is counted on. */
  private static final int PERCENT_OF_ESTIMATED = 90;

  /** Between two looks whether another replica has left the conversation. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(320);

  private final Conversations store;
  private final ConversationHolds holds;
  private final ConversationLines lines;
  private final TokenCounter counter;
  private final GatewayProperties settings;
  private final Clock clock;

  Conversation(
      Conversations store,
      ConversationHolds holds,
      TokenCounter counter,
      GatewayProperties settings,
      Clock clock) {
    this.store = store;
    this.holds = holds;
    this.lines = new ConversationLines(settings.limits().queue());
    this.counter = counter;
    this.settings = settings;
    this.clock = clock;
  }

  /** The id that a caller wrote; 400 when it cannot be one. */
  static String id(String written) {
    if (!ID.matcher(written).matches()) {
      throw new ApiException(
          ApiError.invalidRequest(
              "A conversation's id has 1 to 128 letters, digits, dots, underscores, colons and"
                  + " hyphens: choose such a one.",
              "x-serai-conversation",
              "invalid_value"));
    }
    return written;
  }

  /** Waits for the conversation's turn and puts what was said before in front of the request. */
  public void load(Exchange exchange) {
    Call call = Call.of(exchange);
    String id = take(call);
    ConversationTurn turn =
        new ConversationTurn(call.chat(), History.of(store.outline(call.tenant().id(), id)));
    checkRoles(turn.own());
    call.turn = turn;
    Target target = call.targets.getFirst();
    int first = firstKept(call, turn, target);
    turn.loaded(
        read(call, id, turn.history().prompt(), 0), read(call, id, turn.history().talk(), first));
    call.request = turn.request(first, takesReasoning(target));
  }

  /** Nobody else is at the conversation until the call has ended. */
  private String take(Call call) {
    String id = call.conversationId;
    if (id == null) {
      throw new IllegalStateException("this stage is for requests that name a conversation");
    }
    String tenant = call.tenant().id();
    if (!lines.enter(tenant, id, call.timeLeft())) {
      throw tooMany();
    }
    call.atEnd(
        () -> {
          holds.release(tenant, id, call.requestId);
          lines.leave(tenant, id);
        });
    hold(call, tenant, id);
    return id;
  }

  /** Waits until no other replica is at the conversation. */
  private void hold(Call call, String tenant, String id) {
    Duration pause = FIRST_PAUSE;
    while (!holds.take(tenant, id, call.requestId)) {
      if (call.timeLeft().compareTo(pause) <= 0) {
        throw tooMany();
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw tooMany();
      }
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private static ApiException tooMany() {
    return new ApiException(
        ApiError.rateLimited(
            "Too many requests of this conversation are in flight: wait for their answers, and"
                + " send one after the other.",
            Duration.ofSeconds(1)));
  }

  private static void checkRoles(ChatRequest request) {
    for (ChatMessage message : request.messages()) {
      if (!ROLE.matcher(message.role()).matches()) {
        throw new ApiException(
            ApiError.invalidRequest(
                "A message has a role that no provider knows: send system, user, assistant or"
                    + " tool.",
                "messages",
                "invalid_value"));
      }
    }
  }

  private List<StoredMessage> read(Call call, String id, List<Outline> outline, int first) {
    return first >= outline.size()
        ? List.of()
        : store.read(
            call.tenant().id(), id, outline.get(first).sequence(), outline.getLast().sequence());
  }

  /** Another target is asked: its window may be smaller. */
  void fit(Call call, Target target) {
    ConversationTurn turn = call.turn;
    if (turn != null) {
      call.request = turn.request(firstKept(call, turn, target), takesReasoning(target));
    }
  }

  /** The fields for it are OpenRouter's, and what Serai makes of other dialects. */
  private static boolean takesReasoning(Target target) {
    return target.provider().dialect() != Dialect.OPENAI
        || target.provider().providerName().equals("openrouter");
  }

  private int firstKept(Call call, ConversationTurn turn, Target target) {
    Model model = target.model();
    Integer window = model == null ? null : model.contextWindow();
    long tokens = Long.MAX_VALUE / 2;
    if (window != null) {
      long sure = counter.exact(target.modelId()) ? window : window * PERCENT_OF_ESTIMATED / 100L;
      tokens =
          sure - outputRoom(call, sure) - PromptTokens.count(turn.own(), target.modelId(), counter);
    }
    return turn.firstKept(tokens, settings.maxRequestSize().toBytes());
  }

  /** What the request says, else what an estimate reckons with, if that leaves enough. */
  private static long outputRoom(Call call, long window) {
    Long asked = call.chat().maxOutputTokens();
    return asked != null && asked > 0
        ? Math.min(asked, window)
        : Math.min(Estimates.outputTokens(call), window / 4);
  }

  /** Stores a whole answer; sees to it that a streamed one is stored before its last event. */
  public void remember(Exchange exchange) {
    Call call = Call.of(exchange);
    switch (call.answer) {
      case Answer.Complete complete -> store(call, complete.stored().asWhole(), () -> {});
      case Answer.Streaming streaming ->
          call.beforeLastEvent = events -> store(call, StreamAssembler.whole(events), () -> {});
      case Answer.Refusal refusal -> {}
      case null -> throw new IllegalStateException("the pipeline ended without an answer");
    }
  }

  /**
   * Stores what was said and answered, if the call belongs to a conversation, and what goes along
   * with it: all of it or nothing.
   */
  void store(Call call, byte[] answer, Runnable alongside) {
    ConversationTurn turn = call.turn;
    ChatMessage answered = turn == null ? null : Answers.message(answer);
    if (turn == null || call.conversationId == null || answered == null) {
      LOG.warn("conversation not continued, the answer has no message request={}", call.requestId);
      alongside.run();
      return;
    }
    List<NewMessage> messages = new ArrayList<>();
    turn.added().forEach(message -> messages.add(counted(call, message)));
    messages.add(counted(call, answered));
    boolean stored =
        store.append(
            call.tenant().id(),
            call.conversationId,
            turn.history().last(),
            call.requestId,
            messages,
            alongside);
    if (!stored) {
      throw new ApiException(
          ApiError.conversationConflict(
              "The conversation was changed while this request was answered: send it again, and it"
                  + " is answered with what was said meanwhile."));
    }
  }

  private NewMessage counted(Call call, ChatMessage message) {
    String model = call.targets.getFirst().modelId();
    return new NewMessage(message, PromptTokens.ofMessage(message, model, counter));
  }

  /** Deletes a conversation after the requests of it that are in flight; how many messages. */
  int forget(Call call) {
    String id = take(call);
    return store.forget(call.tenant().id(), id);
  }

  /** The messages of a conversation in their order; empty when there is none. */
  List<StoredMessage> all(Call call) {
    String id = call.conversationId;
    return id == null ? List.of() : store.read(call.tenant().id(), id, 0, Long.MAX_VALUE);
  }

  /** Deletes messages that are older than they are to be kept. */
  public void purge() {
    int purged = store.purge(clock.instant().minus(settings.conversations().keep()));
    if (purged > 0) {
      LOG.info("conversations purged messages={}", purged);
    }
  }
}
