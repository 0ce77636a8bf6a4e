import type { Practice } from "../../src/domain/catalogue.ts";

/**
 * Best practices of the AWS Well-Architected Framework that our questions rest on: title and the page's name. Titles
 * are AWS's own; the advice itself is read at AWS, not repeated here.
 */
const PRACTICES = {
  "PERF01-BP02": [
    "Use guidance from your cloud provider or an appropriate partner to learn about architecture patterns and best practices",
    "perf_architecture_guidance_architecture_patterns_best_practices",
  ],
  "PERF02-BP02": [
    "Understand the available compute configuration and features",
    "perf_compute_hardware_understand_compute_configuration_features",
  ],
  "PERF02-BP03": ["Collect compute-related metrics", "perf_compute_hardware_collect_compute_related_metrics"],
  "PERF02-BP05": [
    "Scale your compute resources dynamically",
    "perf_compute_hardware_scale_compute_resources_dynamically",
  ],
  "PERF03-BP01": [
    "Use a purpose-built data store that best supports your data access and storage requirements",
    "perf_data_use_purpose_built_data_store",
  ],
  "PERF03-BP03": [
    "Collect and record data store performance metrics",
    "perf_data_collect_record_data_store_performance_metrics",
  ],
  "PERF03-BP04": [
    "Implement strategies to improve query performance in data store",
    "perf_data_implement_strategies_to_improve_query_performance",
  ],
  "PERF03-BP05": ["Implement data access patterns that utilize caching", "perf_data_access_patterns_caching"],
  "PERF04-BP01": [
    "Understand how networking impacts performance",
    "perf_networking_understand_how_networking_impacts_performance",
  ],
  "PERF04-BP02": ["Evaluate available networking features", "perf_networking_evaluate_networking_features"],
  "PERF04-BP06": [
    "Choose your workload's location based on network requirements",
    "perf_networking_choose_workload_location_network_requirements",
  ],
  "PERF05-BP01": [
    "Establish key performance indicators (KPIs) to measure workload health and performance",
    "perf_process_culture_establish_key_performance_indicators",
  ],
  "PERF05-BP02": [
    "Use monitoring solutions to understand the areas where performance is most critical",
    "perf_process_culture_use_monitoring_solutions",
  ],
  "PERF05-BP04": ["Load test your workload", "perf_process_culture_load_test"],
  "PERF05-BP07": ["Review metrics at regular intervals", "perf_process_culture_review_metrics"],
  "REL01-BP01": ["Aware of service quotas and constraints", "rel_manage_service_limits_aware_quotas_and_constraints"],
  "REL01-BP02": ["Manage service quotas across accounts and regions", "rel_manage_service_limits_limits_considered"],
  "REL01-BP03": [
    "Accommodate fixed service quotas and constraints through architecture",
    "rel_manage_service_limits_aware_fixed_limits",
  ],
  "REL01-BP04": ["Monitor and manage quotas", "rel_manage_service_limits_monitor_manage_limits"],
  "REL01-BP05": ["Automate quota management", "rel_manage_service_limits_automated_monitor_limits"],
  "REL01-BP06": [
    "Ensure that a sufficient gap exists between the current quotas and the maximum usage to accommodate failover",
    "rel_manage_service_limits_suff_buffer_limits",
  ],
  "REL02-BP01": [
    "Use highly available network connectivity for your workload public endpoints",
    "rel_planning_network_topology_ha_conn_users",
  ],
  "REL05-BP01": [
    "Implement graceful degradation to transform applicable hard dependencies into soft dependencies",
    "rel_mitigate_interaction_failure_graceful_degradation",
  ],
  "REL06-BP01": ["Monitor all components for the workload (Generation)", "rel_monitor_aws_resources_monitor_resources"],
  "REL06-BP02": ["Define and calculate metrics (Aggregation)", "rel_monitor_aws_resources_notification_aggregation"],
  "REL06-BP03": [
    "Send notifications (Real-time processing and alarming)",
    "rel_monitor_aws_resources_notification_monitor",
  ],
  "REL07-BP01": ["Use automation when obtaining or scaling resources", "rel_adapt_to_changes_autoscale_adapt"],
  "REL07-BP03": [
    "Obtain resources upon detection that more resources are needed for a workload",
    "rel_adapt_to_changes_proactive_adapt_auto",
  ],
  "REL07-BP04": ["Load test your workload", "rel_adapt_to_changes_load_tested_adapt"],
  "REL09-BP01": [
    "Identify and back up all data that needs to be backed up, or reproduce the data from sources",
    "rel_backing_up_data_identified_backups_data",
  ],
  "REL09-BP03": ["Perform data backup automatically", "rel_backing_up_data_automated_backups_data"],
  "REL09-BP04": [
    "Perform periodic recovery of the data to verify backup integrity and processes",
    "rel_backing_up_data_periodic_recovery_testing_data",
  ],
  "REL10-BP01": ["Deploy the workload to multiple locations", "rel_fault_isolation_multiaz_region_system"],
  "REL10-BP02": [
    "Automate recovery for components constrained to a single location",
    "rel_fault_isolation_single_az_system",
  ],
  "REL11-BP02": ["Fail over to healthy resources", "rel_withstand_component_failures_failover2good"],
  "REL11-BP03": ["Automate healing on all layers", "rel_withstand_component_failures_auto_healing_system"],
  "REL11-BP05": [
    "Use static stability to prevent bimodal behavior",
    "rel_withstand_component_failures_static_stability",
  ],
  "REL11-BP06": [
    "Send notifications when events impact availability",
    "rel_withstand_component_failures_notifications_sent_system",
  ],
  "REL12-BP03": ["Test scalability and performance requirements", "rel_testing_resiliency_test_non_functional"],
  "REL12-BP05": ["Conduct game days regularly", "rel_testing_resiliency_game_days_resiliency"],
  "REL13-BP01": [
    "Define recovery objectives for downtime and data loss",
    "rel_planning_for_recovery_objective_defined_recovery",
  ],
  "REL13-BP02": [
    "Use defined recovery strategies to meet the recovery objectives",
    "rel_planning_for_recovery_disaster_recovery",
  ],
  "REL13-BP03": [
    "Test disaster recovery implementation to validate the implementation",
    "rel_planning_for_recovery_dr_tested",
  ],
  "REL13-BP05": ["Automate recovery", "rel_planning_for_recovery_auto_recovery"],
  "SEC02-BP02": ["Use temporary credentials", "sec_identities_unique"],
  "SEC02-BP05": ["Audit and rotate credentials periodically", "sec_identities_audit"],
  "SEC03-BP02": ["Grant least privilege access", "sec_permissions_least_privileges"],
  "SEC03-BP03": ["Establish emergency access process", "sec_permissions_emergency_process"],
  "SEC04-BP01": ["Configure service and application logging", "sec_detect_investigate_events_app_service_logging"],
  "SEC04-BP02": ["Capture logs, findings, and metrics in standardized locations", "sec_detect_investigate_events_logs"],
  "SEC06-BP03": ["Reduce manual management and interactive access", "sec_protect_compute_reduce_manual_management"],
  "SEC10-BP05": ["Pre-provision access", "sec_incident_response_pre_provision_access"],
  "OPS01-BP06": ["Evaluate tradeoffs while managing benefits and risks", "ops_priorities_eval_tradeoffs"],
  "OPS04-BP01": ["Identify key performance indicators", "ops_observability_identify_kpis"],
  "OPS07-BP03": ["Use runbooks to perform procedures", "ops_ready_to_support_use_runbooks"],
  "OPS08-BP01": ["Analyze workload metrics", "ops_workload_observability_analyze_workload_metrics"],
  "OPS08-BP04": ["Create actionable alerts", "ops_workload_observability_create_alerts"],
  "OPS08-BP05": ["Create dashboards", "ops_workload_observability_create_dashboards"],
  "OPS10-BP04": ["Define escalation paths", "ops_event_response_define_escalation_paths"],
} as const satisfies Record<string, readonly [title: string, page: string]>;

export type PracticeId = keyof typeof PRACTICES;

/** Practices by id, with their pages, in the order given (the most telling first). */
export function practices(...ids: PracticeId[]): Practice[] {
  return ids.map((id) => {
    const [title, page] = PRACTICES[id];
    return { id, title, url: `https://docs.aws.amazon.com/wellarchitected/latest/framework/${page}.html` };
  });
}
