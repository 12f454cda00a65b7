package dev.serai.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema that a caller sent. Nothing is fetched for it: it may refer to itself and to the
 * specifications only. Neither the schema nor what is checked can keep a thread busy for long.
 */
final class JsonSchema {

  /** Keywords that are evaluated for one answer before it is given up. */
  private static final int MOST_STEPS = 2_000_000;

  private static final int MOST_ERRORS = 10;
  private static final int LONGEST_MESSAGE = 2000;

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .locale(Locale.ENGLISH)
          .preloadSchema(true)
          .regularExpressionFactory(BoundedPattern::of)
          .build();

  private final Schema schema;

  private JsonSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * Reads a schema; without {@code $schema} it is one of draft 2020-12.
   *
   * @throws InvalidRequestException when it is no schema, refers to what is not in it, or is too
   *     deep to be followed
   */
  static JsonSchema of(JsonNode schema) {
    try {
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              builder ->
                  builder
                      .schemaRegistryConfig(CONFIG)
                      .schemaCacheEnabled(false)
                      .schemaLoader(loader -> loader.allow(JsonSchema::ofTheSpecification)));
      Schema read = registry.getSchema(schema);
      Schema rules =
          registry.getSchema(SchemaLocation.of(read.getSchemaContext().getDialect().getId()));
      List<Error> errors = rules.validate(new Steps(), schema, OutputFormat.DEFAULT);
      if (!errors.isEmpty()) {
        throw invalid();
      }
      read.initializeValidators();
      return new JsonSchema(read);
    } catch (SchemaException
        | IllegalArgumentException
        | TooManyStepsException
        | StackOverflowError e) {
      throw invalid();
    }
  }

  /** These are on the class path; all else there, and anywhere, is out of reach. */
  private static boolean ofTheSpecification(AbsoluteIri iri) {
    String name = iri.toString();
    return name.startsWith("https://json-schema.org/draft")
        || name.startsWith("http://json-schema.org/draft");
  }

  private static InvalidRequestException invalid() {
    return new InvalidRequestException(
        "The schema is no valid JSON schema, or refers to something outside of it: correct it; it"
            + " is checked because of x-serai-validate.",
        "response_format.json_schema.schema",
        "invalid_value");
  }

  /** What is wrong with a document; null when nothing is. */
  @Nullable String problem(JsonNode document) {
    try {
      List<Error> errors = schema.validate(new Steps(), document, OutputFormat.DEFAULT);
      return errors.isEmpty() ? null : words(errors);
    } catch (TooManyStepsException | StackOverflowError e) {
      return "It is too complex to be checked against the schema.";
    }
  }

  private static String words(List<Error> errors) {
    String text =
        errors.stream().limit(MOST_ERRORS).map(Error::toString).collect(Collectors.joining("\n"));
    return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) : text;
  }

  /** Counts the keywords that are evaluated: references can multiply them beyond all measure. */
  private static final class Steps extends ExecutionContext {
    private int steps;

    Steps() {
      super(ExecutionConfig.builder().locale(Locale.ENGLISH).build());
    }

    @Override
    public void evaluationPathAddLast(String token) {
      if (++steps > MOST_STEPS) {
        throw new TooManyStepsException();
      }
      super.evaluationPathAddLast(token);
    }
  }
}
