package dev.serai.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement in a file, with parameters written {@code :#name} as camel-sql has them, so that a
 * route and plain JDBC share one text.
 */
record NamedSql(String sql, List<String> names) {
  private static final Pattern NAME = Pattern.compile(":#(\\w+)");

  static NamedSql load(String resource) {
    try (InputStream in = NamedSql.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NamedSql parse(String text) {
    List<String> names = new ArrayList<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return new NamedSql(NAME.matcher(text).replaceAll("?").strip(), List.copyOf(names));
  }

  Prepared prepare(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    ParameterMetaData parameters = statement.getParameterMetaData();
    int[] types = new int[names.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = parameters.getParameterType(i + 1);
    }
    return new Prepared(statement, names.toArray(String[]::new), types);
  }

  /** The statement on one connection, with the types that nulls need. */
  static final class Prepared implements AutoCloseable {
    private final PreparedStatement statement;
    private final String[] names;
    private final int[] types;

    private Prepared(PreparedStatement statement, String[] names, int[] types) {
      this.statement = statement;
      this.names = names;
      this.types = types;
    }

    /** Returns how many rows each of them changed. */
    int[] executeBatch(List<? extends NamedValues> rows) throws SQLException {
      for (NamedValues row : rows) {
        bind(row);
        statement.addBatch();
      }
      return statement.executeBatch();
    }

    int execute(NamedValues row) throws SQLException {
      bind(row);
      return statement.executeUpdate();
    }

    /** Forgets the rows of a batch that failed. */
    void clear() throws SQLException {
      statement.clearBatch();
    }

    private void bind(NamedValues row) throws SQLException {
      for (int i = 0; i < names.length; i++) {
        @Nullable Object value = row.value(names[i]);
        switch (value) {
          case null -> statement.setNull(i + 1, types[i]);
          case Long number -> statement.setLong(i + 1, number);
          case Integer number -> statement.setInt(i + 1, number);
          case String text -> statement.setString(i + 1, text);
          default -> statement.setObject(i + 1, value);
        }
      }
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }
}
