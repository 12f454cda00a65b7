package dev.serai.catalog;

/**
 * Where a provider on AWS is, and who calls it.
 *
 * @param region such as {@code eu-central-1}: requests are signed for it
 * @param credentials where the credentials come from
 */
public record AwsAccess(String region, AwsCredentials credentials) {}
