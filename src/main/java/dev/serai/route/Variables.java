package dev.serai.route;

/**
 * The exchange variables that routes and beans share. Names follow OpenTelemetry's gen_ai
 * attributes without the dots; routes may use these and no others.
 */
final class Variables {

  /** The {@link Call}: everything the beans know about the request. */
  static final String CALL = "call";

  /** Identifies the request, from entry to ledger. */
  static final String REQUEST_ID = "requestId";

  /** The way in: {@code http}, {@code file}. */
  static final String ENTRY_NAME = "entryName";

  /** {@code chat}, {@code embeddings}. */
  static final String OPERATION_NAME = "operationName";

  /** SHA-256 of the gateway key that was presented. */
  static final String KEY_HASH = "keyHash";

  /** The OpenID Connect token that was presented in place of a gateway key. */
  static final String TOKEN = "token";

  /** What the look-up of the key found. */
  static final String GATEWAY_KEY = "gatewayKey";

  /** Who calls. */
  static final String TENANT_ID = "tenantId";

  /** The role that was chosen. */
  static final String ROLE_NAME = "roleName";

  /** What the request named as model. */
  static final String REQUEST_MODEL = "requestModel";

  /** What kind of name chooses the targets: {@code role}, {@code target}, {@code model}. */
  static final String SELECTOR = "selector";

  /** The caller's label for its prompt. */
  static final String PROMPT_VERSION = "promptVersion";

  /** The conversation the request belongs to. */
  static final String CONVERSATION_ID = "conversationId";

  /** What the answer is checked against: {@code json}; not there when it is not checked. */
  static final String OUTPUT_FORMAT = "outputFormat";

  /** The targets in order. */
  static final String TARGETS = "targets";

  /** The target of this attempt. */
  static final String TARGET = "target";

  /** {@code hit}, {@code shared}, {@code miss}, {@code bypass}. */
  static final String CACHE_STATE = "cacheState";

  /** Whether an attempt is to be made. */
  static final String ATTEMPTING = "attempting";

  /** The number of this attempt, from 1. */
  static final String ATTEMPT = "attempt";

  /** Who makes a call to Bedrock: Camel's {@code component}, or our {@code upstream}. */
  static final String CALLED_BY = "calledBy";

  /** Milliseconds to wait before the next attempt. */
  static final String RETRY_DELAY = "retryDelay";

  /** How an attempt ended, on its way to the ledger. */
  static final String SETTLEMENT = "settlement";

  /** Whether a file was answered before, so that its answer only has to be delivered. */
  static final String ANSWERED = "answered";

  /** An alert on its way to a channel. */
  static final String DELIVERY = "delivery";

  /** OpenTelemetry's name of the provider that answered. */
  static final String PROVIDER_NAME = "providerName";

  /** The model that answered. */
  static final String RESPONSE_MODEL = "responseModel";

  /** Why the model stopped. */
  static final String FINISH_REASONS = "finishReasons";

  /** Prompt tokens. */
  static final String INPUT_TOKENS = "inputTokens";

  /** Completion tokens. */
  static final String OUTPUT_TOKENS = "outputTokens";

  /** Prompt tokens read from the provider's cache. */
  static final String CACHE_READ_INPUT_TOKENS = "cacheReadInputTokens";

  /** Prompt tokens written to the provider's cache. */
  static final String CACHE_WRITE_INPUT_TOKENS = "cacheWriteInputTokens";

  /** Completion tokens spent on reasoning. */
  static final String REASONING_TOKENS = "reasoningTokens";

  /** USD; absent when unpriced. */
  static final String COST = "cost";

  /** The class of the failure. */
  static final String ERROR_TYPE = "errorType";

  private Variables() {}
}
