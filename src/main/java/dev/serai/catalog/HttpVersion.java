package dev.serai.catalog;

/** The HTTP version a provider is called with. */
public enum HttpVersion {
  /** HTTP/1.1. */
  HTTP_1_1,
  /** HTTP/2. */
  HTTP_2
}
