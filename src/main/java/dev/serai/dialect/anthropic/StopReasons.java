package dev.serai.dialect.anthropic;

import dev.serai.dialect.chat.FinishReason;

/**
 * Anthropic's reasons for the end of an answer, in OpenAI's words.
 *
 * @see <a href="https://docs.anthropic.com/en/api/handling-stop-reasons">Stop reasons at
 *     Anthropic</a>
 */
final class StopReasons {

  private StopReasons() {}

  /**
   * The finish reason; a stop reason that is not known stays as it is.
   *
   * @param toolCalls whether the answer calls one of the caller's tools
   */
  static String finish(String stopReason, boolean toolCalls) {
    return switch (stopReason) {
      case "end_turn", "stop_sequence" -> FinishReason.STOP.word();
      case "tool_use" -> toolCalls ? FinishReason.TOOL_CALLS.word() : FinishReason.STOP.word();
      case "max_tokens", "model_context_window_exceeded", "pause_turn" ->
          FinishReason.LENGTH.word();
      case "refusal" -> FinishReason.CONTENT_FILTER.word();
      default -> stopReason;
    };
  }
}
