package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where Bedrock is and who calls it, as configured. */
class AwsAccessTest {

  @Test
  void keys_of_the_environment_are_used_with_their_token() {
    Provider bedrock =
        bedrock(
            Map.of(
                "AWS_ACCESS_KEY_ID", "AKIA1",
                "AWS_SECRET_ACCESS_KEY", "s3cret",
                "AWS_SESSION_TOKEN", "tok",
                "AWS_PROFILE", "not-needed"));

    assertThat(bedrock.usable()).isTrue();
    assertThat(access(bedrock).credentials())
        .isInstanceOfSatisfying(
            AwsCredentials.Keys.class,
            keys -> {
              assertThat(keys.accessKeyId().reveal()).isEqualTo("AKIA1");
              assertThat(keys.secretAccessKey().reveal()).isEqualTo("s3cret");
              assertThat(Objects.requireNonNull(keys.sessionToken()).reveal()).isEqualTo("tok");
            });
    assertThat(access(bedrock).toString()).doesNotContain("s3cret").doesNotContain("AKIA1");
  }

  @Test
  void a_profile_needs_no_key() {
    Provider bedrock = bedrock(Map.of("AWS_PROFILE", "llm"));

    assertThat(bedrock.usable()).isTrue();
    assertThat(access(bedrock).credentials()).isEqualTo(new AwsCredentials.Profile("llm"));
  }

  @Test
  void what_the_machine_has_is_used_only_when_told_so() {
    assertThat(bedrock(Map.of()).usable()).isFalse();

    Provider bedrock = bedrock(Map.of("SERAI_PROVIDERS_BEDROCK_DEFAULTCREDENTIALS", "true"));

    assertThat(bedrock.usable()).isTrue();
    assertThat(access(bedrock).credentials()).isInstanceOf(AwsCredentials.DefaultChain.class);
  }

  @Test
  void what_is_missing_is_named() {
    assertThat(bedrock(Map.of()).credentialName()).isEqualTo("AWS_ACCESS_KEY_ID");
    Provider half = bedrock(Map.of("AWS_ACCESS_KEY_ID", "AKIA1"));
    assertThat(half.usable()).isFalse();
    assertThat(half.credentialName()).isEqualTo("AWS_SECRET_ACCESS_KEY");
  }

  @ParameterizedTest
  @CsvSource({
    "eu-central-1, https://bedrock-runtime.eu-central-1.amazonaws.com",
    "cn-north-1, https://bedrock-runtime.cn-north-1.amazonaws.com.cn",
  })
  void the_address_follows_from_the_region(String region, URI address) {
    Provider bedrock = bedrock(Map.of("AWS_REGION", region));

    assertThat(bedrock.baseUrl()).isEqualTo(address);
    assertThat(access(bedrock).region()).isEqualTo(region);
  }

  @Test
  void an_address_of_its_own_goes_before_the_regions() {
    String address = "http://127.0.0.1:9";

    assertThat(bedrock(Map.of("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", address)).baseUrl())
        .isEqualTo(URI.create(address));
  }

  @Test
  void a_region_that_is_none_stops_the_start() {
    assertThatThrownBy(() -> bedrock(Map.of("AWS_REGION", "over there")))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("region is not usable");
  }

  @Test
  void the_arn_of_a_known_profile_has_its_price() {
    Catalog catalog = Configured.packaged(Map.of());
    String known = "eu.anthropic.claude-sonnet-4-20250514-v1:0";
    Target target =
        Objects.requireNonNull(
            catalog.qualified(
                "bedrock/arn:aws:bedrock:eu-central-1:123456789012:inference-profile/" + known));

    assertThat(target.model()).isSameAs(catalog.model("aws.bedrock", known));
    assertThat(target.modelId()).startsWith("arn:aws:bedrock:").endsWith(known);
  }

  private static AwsAccess access(Provider provider) {
    return Objects.requireNonNull(provider.aws());
  }

  private static Provider bedrock(Map<String, String> environment) {
    return Objects.requireNonNull(Configured.packaged(environment).provider("bedrock"));
  }
}
