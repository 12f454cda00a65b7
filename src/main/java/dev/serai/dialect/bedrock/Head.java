package dev.serai.dialect.bedrock;

/**
 * What stands at the head of an answer and of each of its chunks.
 *
 * @param id the answer's id
 * @param model the model that answers, as the request named it
 * @param created seconds since 1970
 */
public record Head(String id, String model, long created) {}
