package dev.serai.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** AWS Secrets Manager: whole secrets, or a field of one that is a JSON object. */
final class AwsStore implements SecretStore {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecretsManagerClient client;

  AwsStore(SecretsManagerClient client) {
    this.client = client;
  }

  @Override
  public @Nullable String fetch(Reference reference) throws SecretStoreException {
    try {
      String text = client.getSecretValue(ask -> ask.secretId(reference.place())).secretString();
      return text == null || reference.field() == null ? text : field(text, reference.field());
    } catch (ResourceNotFoundException e) {
      return null;
    } catch (AwsServiceException e) {
      throw new SecretStoreException(
          "AWS Secrets Manager answers with status "
              + e.statusCode()
              + "; the identity needs secretsmanager:GetSecretValue");
    } catch (SdkException e) {
      throw new SecretStoreException(
          "AWS Secrets Manager cannot be called: check AWS_REGION, the credentials and the"
              + " network");
    }
  }

  private static @Nullable String field(String text, String name) throws SecretStoreException {
    try {
      JsonNode field = JSON.readTree(text).get(name);
      return field == null || field.isNull() ? null : field.asText();
    } catch (JsonProcessingException e) {
      throw new SecretStoreException("the secret in AWS Secrets Manager is no JSON object");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
