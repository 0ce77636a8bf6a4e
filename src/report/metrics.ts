/**
 * CloudWatch metrics by the words people use for them, for alarms on what M1 names. The list is that of AWS's event
 * planning workbook (load balancers, instances, caches, databases) and what else events usually watch.
 */
export type KnownMetric = {
  /** As part of a Terraform name. */
  id: string;
  /** Case-insensitive. */
  words: RegExp;
  namespace: string;
  metric: string;
  /** `p99` and the like are extended statistics. */
  statistic: "Average" | "Sum" | "Maximum" | "Minimum" | "p99";
  compare: "GreaterThanThreshold" | "LessThanThreshold";
  /** The dimension that says which resource is meant. */
  dimension: string;
  unit: string;
};

export const KNOWN_METRICS: KnownMetric[] = [
  known(
    "target_response_time_p99",
    /\b(?:p99|p95|latency|response time)\b/,
    "AWS/ApplicationELB",
    "TargetResponseTime",
    "p99",
    "LoadBalancer",
    "seconds",
  ),
  known(
    "target_5xx",
    /\b(?:5xx|5\d\d|server errors?|error rate)\b/,
    "AWS/ApplicationELB",
    "HTTPCode_Target_5XX_Count",
    "Sum",
    "LoadBalancer",
    "responses a minute",
  ),
  known(
    "target_4xx",
    /\b(?:4xx|4\d\d|client errors?)\b/,
    "AWS/ApplicationELB",
    "HTTPCode_Target_4XX_Count",
    "Sum",
    "LoadBalancer",
    "responses a minute",
  ),
  known(
    "requests",
    /\b(?:requests? (?:count|rate|per (?:second|minute))|rps|traffic)\b/,
    "AWS/ApplicationELB",
    "RequestCount",
    "Sum",
    "LoadBalancer",
    "requests a minute",
  ),
  known(
    "unhealthy_hosts",
    /\b(?:un)?healthy hosts?\b/,
    "AWS/ApplicationELB",
    "UnHealthyHostCount",
    "Maximum",
    "LoadBalancer",
    "hosts",
  ),
  known(
    "rejected_connections",
    /\b(?:rejected connections?|surge queue|backend connection errors?)\b/,
    "AWS/ApplicationELB",
    "RejectedConnectionCount",
    "Sum",
    "LoadBalancer",
    "connections a minute",
  ),
  known(
    "rds_cpu",
    /\b(?:rds|database|db)\b.*\bcpu\b|\bcpu\b.*\b(?:rds|database|db)\b/,
    "AWS/RDS",
    "CPUUtilization",
    "Average",
    "DBInstanceIdentifier",
    "percent",
  ),
  known(
    "rds_connections",
    /\b(?:rds|database|db) connections?\b|\bconnections? (?:to|of) the (?:database|db)\b/,
    "AWS/RDS",
    "DatabaseConnections",
    "Maximum",
    "DBInstanceIdentifier",
    "connections",
  ),
  known(
    "rds_replica_lag",
    /\b(?:replica(?:tion)?|read replica) lag\b/,
    "AWS/RDS",
    "ReplicaLag",
    "Maximum",
    "DBInstanceIdentifier",
    "seconds",
  ),
  {
    ...known(
      "rds_free_storage",
      /\b(?:free storage|disk space|storage space)\b/,
      "AWS/RDS",
      "FreeStorageSpace",
      "Minimum",
      "DBInstanceIdentifier",
      "bytes",
    ),
    compare: "LessThanThreshold",
  },
  known("cache_evictions", /\bevictions?\b/, "AWS/ElastiCache", "Evictions", "Sum", "CacheClusterId", "items a minute"),
  {
    ...known(
      "cache_memory",
      /\b(?:freeable|cache|redis) memory\b/,
      "AWS/ElastiCache",
      "FreeableMemory",
      "Minimum",
      "CacheClusterId",
      "bytes",
    ),
    compare: "LessThanThreshold",
  },
  {
    ...known(
      "cache_hits",
      /\b(?:cache )?hits?(?: rate| ratio)?\b/,
      "AWS/ElastiCache",
      "CacheHitRate",
      "Average",
      "CacheClusterId",
      "percent",
    ),
    compare: "LessThanThreshold",
  },
  known(
    "queue_age",
    /\b(?:queue age|age of (?:the )?oldest|oldest message)\b/,
    "AWS/SQS",
    "ApproximateAgeOfOldestMessage",
    "Maximum",
    "QueueName",
    "seconds",
  ),
  known(
    "queue_depth",
    /\b(?:queue (?:depth|length|size)|backlog|messages? visible)\b/,
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "Maximum",
    "QueueName",
    "messages",
  ),
  known(
    "lambda_throttles",
    /\blambda throttl\w*\b/,
    "AWS/Lambda",
    "Throttles",
    "Sum",
    "FunctionName",
    "invocations a minute",
  ),
  known("lambda_errors", /\blambda errors?\b/, "AWS/Lambda", "Errors", "Sum", "FunctionName", "invocations a minute"),
  known(
    "dynamodb_throttles",
    /\b(?:dynamo(?:db)?) throttl\w*\b/,
    "AWS/DynamoDB",
    "ThrottledRequests",
    "Sum",
    "TableName",
    "requests a minute",
  ),
  known(
    "cloudfront_5xx",
    /\b(?:cloudfront|cdn) (?:5xx|errors?)\b/,
    "AWS/CloudFront",
    "5xxErrorRate",
    "Average",
    "DistributionId",
    "percent",
  ),
  known(
    "volume_burst",
    /\b(?:burst balance|ebs credits?|iops credits?)\b/,
    "AWS/EBS",
    "BurstBalance",
    "Minimum",
    "VolumeId",
    "percent",
  ),
  known(
    "network_in",
    /\b(?:network (?:in|out)|bandwidth|packets?)\b/,
    "AWS/EC2",
    "NetworkIn",
    "Sum",
    "AutoScalingGroupName",
    "bytes a minute",
  ),
  known("instance_cpu", /\bcpu\b/, "AWS/EC2", "CPUUtilization", "Average", "AutoScalingGroupName", "percent"),
];

function known(
  id: string,
  words: RegExp,
  namespace: string,
  metric: string,
  statistic: KnownMetric["statistic"],
  dimension: string,
  unit: string,
): KnownMetric {
  const pattern = new RegExp(words.source, "i");
  return { id, words: pattern, namespace, metric, statistic, compare: "GreaterThanThreshold", dimension, unit };
}

export type NamedMetric = { said: string; known?: KnownMetric };

/** What M1's answer names, one entry a metric: split at commas, line breaks and bullets, "and" where it joins two. */
export function metricsIn(answer: string): NamedMetric[] {
  const said = answer
    .split(/[,;\n•]|\s[-–*]\s|(?<!\d)\.\s+|\s(?:and|plus|&)\s/i)
    .map((text) => text.replace(/^\s*(?:[-*•]\s*|\d+[.)]\s+)/, "").trim())
    .filter((text) => text.length >= 3 && text.length <= 80);
  const seen = new Set<string>();
  return said.flatMap((text): NamedMetric[] => {
    // The most particular wording wins: "RDS CPU" is the database's.
    const metric = KNOWN_METRICS.find((item) => item.words.test(text));
    const key = metric?.id ?? text.toLowerCase();
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ said: text, ...(metric && { known: metric }) }];
  });
}
