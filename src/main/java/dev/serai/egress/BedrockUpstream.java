package dev.serai.egress;

import dev.serai.catalog.Credential;
import dev.serai.catalog.Provider;
import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.chat.Usage;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.Operation;
import dev.serai.dialect.bedrock.Conversation;
import dev.serai.dialect.bedrock.ConverseAnswer;
import dev.serai.dialect.bedrock.Head;
import dev.serai.dialect.chat.ChatReader;
import dev.serai.egress.BedrockEmbeddings.PartlyMadeException;
import dev.serai.policy.TokenCounter;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/**
 * Amazon Bedrock behind OpenAI's form: chat by Converse, embeddings by InvokeModel.
 *
 * <p>{@link #send} does all of it. A route that makes the Converse call itself has the same in two
 * halves, {@link #ask} and {@link #answer}, and {@link #problem} for what the call throws.
 */
public final class BedrockUpstream implements Upstream {

  private final Provider provider;
  private final BedrockClients clients;
  private final BedrockEmbeddings embeddings;
  private final Watchdog watchdog;
  private final Clock clock;

  /** Makes the clients for one configured provider, which may have no credentials of its own. */
  public BedrockUpstream(Provider provider, TokenCounter counter, Watchdog watchdog, Clock clock) {
    this.provider = provider;
    this.clients = new BedrockClients(provider);
    this.embeddings = new BedrockEmbeddings(clients.whole(), provider.timeouts(), counter);
    this.watchdog = watchdog;
    this.clock = clock;
  }

  /**
   * A Converse request, ready to be made.
   *
   * @param request with the deadline of this call
   * @param head of the answer to it
   * @param answerTool as {@link Conversation#answerTool}
   */
  public record Ask(ConverseRequest request, Head head, @Nullable String answerTool) {

    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "Ask[" + head.id() + "]";
    }
  }

  @Override
  public Reply send(UpstreamRequest request) {
    try {
      if (request.path().equals(Operation.EMBEDDINGS.path())) {
        requireCredentials(request);
        return embeddings.answer(request, override(request, null));
      }
      return request.stream() ? stream(request) : whole(request);
    } catch (InvalidRequestException | UnsentException | SdkException e) {
      return problem(e, clients.elsewhere(region(request)));
    } catch (PartlyMadeException e) {
      return partly(e.failure(), e.used());
    }
  }

  private Reply partly(RuntimeException failure, Usage used) {
    try {
      Reply reply = failure instanceof SdkException ? problem(failure, false) : null;
      if (reply instanceof Reply.Whole whole) {
        return new Reply.Whole(
            whole.status(), whole.body(), whole.contentType(), whole.retryAfter(), used);
      }
      if (reply != null) {
        return reply;
      }
      throw failure;
    } catch (UpstreamException e) {
      throw new UpstreamException(e.failure(), e.sent(), used);
    }
  }

  private Reply whole(UpstreamRequest request) {
    Ask ask = ask(request);
    ConverseResponse response = clients.whole().converse(ask.request());
    return answer(
        ask,
        response.output() == null ? null : response.output().message(),
        response.stopReason(),
        response.usage());
  }

  private Reply stream(UpstreamRequest request) {
    Conversation conversation = conversation(request);
    ConverseStream stream =
        new ConverseStream(
            head(request, conversation),
            conversation,
            watchdog,
            provider.timeouts().betweenBytes(),
            clock);
    return stream.open(
        clients.streaming(),
        conversation.stream().overrideConfiguration(override(request, null)).build(),
        shorter(provider.timeouts().firstByte(), request.timeLeft()));
  }

  /**
   * The first half of a call for a whole answer.
   *
   * @throws InvalidRequestException when Bedrock could not read the request; see {@link #problem}
   * @throws UnsentException when the tenant's credential cannot be used; see {@link #problem}
   * @throws UpstreamException when there are no credentials
   */
  public Ask ask(UpstreamRequest request) {
    Conversation conversation = conversation(request);
    Duration within = shorter(provider.timeouts().attempt(), request.timeLeft());
    return new Ask(
        conversation.whole().overrideConfiguration(override(request, within)).build(),
        head(request, conversation),
        conversation.answerTool());
  }

  private Conversation conversation(UpstreamRequest request) {
    Conversation conversation =
        Conversation.of(ChatReader.read(request.body()), request.maxAnswerTokens());
    requireCredentials(request);
    return conversation;
  }

  private void requireCredentials(UpstreamRequest request) {
    if (request.credential() != null) {
      return;
    }
    try {
      clients.requireCredentials();
    } catch (SdkException e) {
      throw BedrockProblem.withoutCredentials().exception();
    }
  }

  private Head head(UpstreamRequest request, Conversation conversation) {
    return new Head(
        "chatcmpl-" + request.id(), conversation.modelId(), clock.instant().getEpochSecond());
  }

  private AwsRequestOverrideConfiguration override(
      UpstreamRequest request, @Nullable Duration within) {
    AwsRequestOverrideConfiguration.Builder override =
        AwsRequestOverrideConfiguration.builder().putHeader("X-Request-Id", request.id());
    Credential own = request.credential();
    if (own != null) {
      override.credentialsProvider(clients.signer(own));
      String region = region(request);
      if (region != null) {
        override.putExecutionAttribute(BedrockClients.REGION, region);
      }
    }
    return within == null ? override.build() : override.apiCallTimeout(within).build();
  }

  private static @Nullable String region(UpstreamRequest request) {
    return switch (request.credential()) {
      case Credential.AwsKeys keys -> keys.region();
      case Credential.AwsRole role -> role.region();
      case Credential.ApiKey key -> null;
      case null -> null;
    };
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * The second half: an answer in OpenAI's form.
   *
   * @param message what the model said; null when it said nothing
   * @param reason why it ended; null when Bedrock does not say
   * @param usage what was used; null when Bedrock does not say
   * @throws UpstreamException when there is no message
   */
  public Reply answer(
      Ask ask, @Nullable Message message, @Nullable StopReason reason, @Nullable TokenUsage usage) {
    if (message == null) {
      throw new UpstreamException(new Failure.Unreadable("no message"), true);
    }
    StopReason why = reason == null ? StopReason.UNKNOWN_TO_SDK_VERSION : reason;
    return new Reply.Whole(
        200,
        ConverseAnswer.json(ask.head(), ask.answerTool(), message, why, usage),
        "application/json",
        null);
  }

  /**
   * What to make of an exception of either half or of the call between them.
   *
   * @param ask the first half; null when that failed
   * @return the reply, where Bedrock or the translation said no
   * @throws UpstreamException where the call failed
   */
  public Reply problem(Exception thrown, @Nullable Ask ask) {
    return problem(thrown, ask != null && clients.elsewhere(BedrockClients.region(ask.request())));
  }

  /**
   * The same.
   *
   * @param elsewhere whether it went to a region of the tenant's choice: that one there cannot be
   *     reached says nothing of the provider's own
   */
  private Reply problem(Exception thrown, boolean elsewhere) {
    if (thrown instanceof InvalidRequestException e) {
      return new Reply.Unsuited(
          ApiError.invalidRequest(String.valueOf(e.getMessage()), e.param(), e.code()));
    }
    if (thrown instanceof UnsentException unsent) {
      return unsent.reply();
    }
    BedrockProblem problem = BedrockProblem.of(thrown, clock);
    Reply reply = problem.reply();
    if (elsewhere && !problem.sent() && problem.failure() instanceof Failure.Network failure) {
      return new Reply.Unsent(failure);
    }
    if (reply == null) {
      throw problem.exception();
    }
    return reply;
  }

  /** The client of whole answers; closed with this. */
  public BedrockRuntimeClient client() {
    return clients.whole();
  }

  /** The client of streams; closed with this. */
  public BedrockRuntimeAsyncClient streamingClient() {
    return clients.streaming();
  }

  @Override
  public Check check() {
    if (!provider.usable()) {
      return Check.without(
          Check.State.NO_CREDENTIAL,
          "There is no credential: set "
              + provider.credentialName()
              + " for the gateway and start it again.");
    }
    return new BedrockCheck(provider, clients.whole(), clock).make();
  }

  @Override
  public void close() {
    clients.close();
  }
}
