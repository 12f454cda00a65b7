package dev.serai.admin;

import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.util.regex.Pattern;

/** {@code {scope}/{id}} in a path. It may name what does not exist yet. */
final class ScopePath {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private ScopePath() {}

  /** What is meant, or a 400. */
  static Subject subject(String scope, String id) {
    Scope known = Scope.of(scope);
    if (known == null) {
      throw AdminBody.wrong(
          "scope", "The scope is one of tenant, key, role, provider and gateway.");
    }
    if (!ID.matcher(id).matches()) {
      throw AdminBody.wrong("id", "An id has 1 to 128 of A-Z a-z 0-9 . _ : - in it.");
    }
    if (known == Scope.GATEWAY) {
      if (!id.equals("gateway") && !id.equals("default")) {
        throw AdminBody.wrong("id", "There is one gateway, and its id is gateway.");
      }
      return Subject.GATEWAY;
    }
    return new Subject(known, id);
  }
}
