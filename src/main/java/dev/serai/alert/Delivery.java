package dev.serai.alert;

/**
 * An alert that this replica is to deliver, and no other for some minutes.
 *
 * @param alert what to tell
 * @param channel how
 * @param attempt its number, from 1
 */
public record Delivery(Alert alert, Channel channel, int attempt) {}
