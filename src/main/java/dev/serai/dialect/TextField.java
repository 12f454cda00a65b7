package dev.serai.dialect;

/**
 * A field of a request whose value is a text.
 *
 * @param name its key at the top level of the body
 * @param value its value, unquoted
 */
public record TextField(String name, String value) {}
