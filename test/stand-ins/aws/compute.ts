import { type GroupData, INSTANCE_TYPES, type TemplateDataIn, type VolumeData } from "./account.ts";
import { asked, filtersOf, type Handler, type HandlerContext, ServiceError } from "./handler.ts";

/** EC2, Auto Scaling and load balancing, from the account's data. */
export const computeHandlers: Record<string, Handler> = {
  "ec2:DescribeVolumes": (context) => {
    const rows = (context.region.volumes ?? []).flatMap((volume, kind) =>
      Array.from({ length: volume.count }, (_, index) => ({
        VolumeId: `vol-${kind}-${index}`,
        VolumeType: volume.type,
        Size: volume.gib,
        State: "in-use",
        ...(volume.iops === undefined ? {} : { Iops: volume.iops }),
      })),
    );
    const page = context.page(
      withOdd(context, "ec2:DescribeVolumes", rows),
      1_000,
      asked(context, "MaxResults", 5, 1_000),
    );
    return { Volumes: page.rows, NextToken: page.next };
  },
  "ec2:DescribeInstances": (context) => {
    const states = filtersOf(context).get("instance-state-name");
    const rows = instancesOf(context).filter((row) => states === undefined || states.includes(row.State.Name));
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 5, 1_000));
    return { Reservations: page.rows.map((row) => ({ ReservationId: "r-1", Instances: [row] })), NextToken: page.next };
  },
  "ec2:DescribeInstanceTypes": (context) => {
    const wanted = filtersOf(context).get("instance-type");
    const listed = Array.isArray(context.input.InstanceTypes) ? context.input.InstanceTypes.map(String) : undefined;
    if (listed !== undefined && context.input.MaxResults !== undefined) {
      throw new ServiceError("InvalidParameterCombination", "InstanceTypes and MaxResults don't go together", 400);
    }
    const names = (wanted ?? listed ?? Object.keys(INSTANCE_TYPES)).filter(
      (name) => INSTANCE_TYPES[name] !== undefined && !(context.region.withoutTypes ?? []).includes(name),
    );
    const page = context.page(names.map(shape), 100, asked(context, "MaxResults", 5, 100));
    return { InstanceTypes: page.rows, NextToken: page.next };
  },
  "ec2:GetInstanceTypesFromInstanceRequirements": (context) => {
    const wanted = context.input.InstanceRequirements as {
      VCpuCount: { Min: number; Max?: number };
      MemoryMiB: { Min: number; Max?: number };
      AllowedInstanceTypes?: string[];
      ExcludedInstanceTypes?: string[];
    };
    const fits = (pattern: string, name: string) =>
      new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(name);
    const rows = Object.entries(INSTANCE_TYPES)
      .filter(
        ([name, [vcpus, gib]]) =>
          vcpus >= wanted.VCpuCount.Min &&
          vcpus <= (wanted.VCpuCount.Max ?? Number.POSITIVE_INFINITY) &&
          gib * 1_024 >= wanted.MemoryMiB.Min &&
          gib * 1_024 <= (wanted.MemoryMiB.Max ?? Number.POSITIVE_INFINITY) &&
          (wanted.AllowedInstanceTypes?.some((each) => fits(each, name)) ?? true) &&
          !(wanted.ExcludedInstanceTypes?.some((each) => fits(each, name)) ?? false),
      )
      .map(([name]) => ({ InstanceType: name }));
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 1, 1_000));
    return { InstanceTypes: page.rows, NextToken: page.next };
  },
  "ec2:DescribeLaunchTemplateVersions": (context) => {
    const { LaunchTemplateId: id, LaunchTemplateName: name, Versions: versions } = context.input;
    const wanted = Array.isArray(versions) ? versions.map(String) : [];
    const all = context.region.templates ?? [];
    if (id === undefined && name === undefined && wanted.some((each) => !each.startsWith("$"))) {
      throw new ServiceError("MissingParameter", "Numbered versions need a launch template", 400);
    }
    const own = all.filter(
      (each) => (id === undefined || each.id === id) && (name === undefined || each.name === name),
    );
    if (own.length === 0 && (id ?? name) !== undefined)
      throw new ServiceError("InvalidLaunchTemplateId.NotFound", "No such template", 400);
    const rows = own.flatMap((template) => {
      const numbers = new Set(
        wanted.map((each) =>
          each === "$Latest"
            ? template.versions.length
            : each === "$Default"
              ? (template.defaultVersion ?? 1)
              : Number(each),
        ),
      );
      return [...numbers]
        .filter((each) => template.versions[each - 1] !== undefined)
        .map((each) => versionRow(template, each));
    });
    const page = context.page(rows, 200, asked(context, "MaxResults", 1, 200));
    return { LaunchTemplateVersions: page.rows, NextToken: page.next };
  },
  "ec2:DescribeCapacityReservations": (context) => {
    const rows = (context.region.reservations ?? []).map((row, index) => ({
      CapacityReservationId: `cr-${index}`,
      InstanceType: row.type,
      TotalInstanceCount: row.total,
      AvailableInstanceCount: row.available,
      State: "active",
    }));
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 1, 1_000));
    return { CapacityReservations: page.rows, NextToken: page.next };
  },
  "ec2:DescribeSpotInstanceRequests": (context) => {
    const states = filtersOf(context).get("state");
    const rows = (context.region.spotRequests ?? [])
      .filter((row) => states === undefined || states.includes(row.state))
      .flatMap((row, kind) =>
        Array.from({ length: row.count }, (_, index) => ({
          SpotInstanceRequestId: `sir-${kind}-${index}`,
          State: row.state,
          LaunchSpecification: { InstanceType: row.type },
          ...(row.state === "active" ? { InstanceId: `i-spot-${index}` } : {}),
        })),
      );
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 5, 1_000));
    return { SpotInstanceRequests: page.rows, NextToken: page.next };
  },
  "ec2:DescribeSpotFleetRequests": (context) => {
    const rows = (context.region.spotFleets ?? []).map((row, index) => ({
      SpotFleetRequestId: `sfr-${index}`,
      SpotFleetRequestState: row.state ?? "active",
      SpotFleetRequestConfig: {
        IamFleetRole: "arn:aws:iam::111122223333:role/fleet",
        TargetCapacity: row.target,
        OnDemandTargetCapacity: row.onDemand ?? 0,
      },
    }));
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 1, 1_000));
    return { SpotFleetRequestConfigs: page.rows, NextToken: page.next };
  },
  "ec2:DescribeFleets": (context) => {
    const states = filtersOf(context).get("fleet-state");
    const rows = (context.region.fleets ?? [])
      .map((row, index) => ({
        FleetId: `fleet-${index}`,
        FleetState: row.state ?? "active",
        TargetCapacitySpecification: { TotalTargetCapacity: row.spot, SpotTargetCapacity: row.spot },
      }))
      .filter((row) => states === undefined || states.includes(row.FleetState));
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 1, 1_000));
    return { Fleets: page.rows, NextToken: page.next };
  },
  "ec2:DescribeVpcs": (context) => {
    const page = numbered(context, "vpcs", (index) => ({ VpcId: `vpc-${index}` }));
    return { Vpcs: page.rows, NextToken: page.next };
  },
  "ec2:DescribeInternetGateways": (context) => {
    const page = numbered(context, "internetGateways", (index) => ({ InternetGatewayId: `igw-${index}` }));
    return { InternetGateways: page.rows, NextToken: page.next };
  },
  "ec2:DescribeNetworkInterfaces": (context) => {
    const page = numbered(context, "interfaces", (index) => ({ NetworkInterfaceId: `eni-${index}` }));
    return { NetworkInterfaces: page.rows, NextToken: page.next };
  },
  "ec2:DescribeAddresses": (context) => ({
    Addresses: Array.from({ length: context.region.counts?.addresses ?? 0 }, (_, index) => ({
      AllocationId: `eipalloc-${index}`,
    })),
  }),
  "ec2:DescribeNatGateways": (context) => {
    const rows = (context.region.natGateways ?? []).flatMap((row) =>
      Array.from({ length: row.count }, (_, index) => ({
        NatGatewayId: `nat-${row.zone}-${index}`,
        SubnetId: `subnet-${row.zone}`,
        State: "available",
      })),
    );
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 5, 1_000));
    return { NatGateways: page.rows, NextToken: page.next };
  },
  "ec2:DescribeSubnets": (context) => {
    const wanted = filtersOf(context).get("subnet-id");
    const rows = (context.region.natGateways ?? [])
      .map((row) => ({ SubnetId: `subnet-${row.zone}`, AvailabilityZone: row.zone }))
      .filter((row) => wanted === undefined || wanted.includes(row.SubnetId));
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 5, 1_000));
    return { Subnets: page.rows, NextToken: page.next };
  },

  "autoscaling:DescribeAutoScalingGroups": (context) => {
    const rows = (context.region.groups ?? []).map(groupRow);
    const page = context.page(rows, 100, asked(context, "MaxRecords", 1, 100));
    return { AutoScalingGroups: page.rows, NextToken: page.next };
  },
  "autoscaling:DescribeLaunchConfigurations": (context) => {
    const names = context.input.LaunchConfigurationNames;
    const rows = (context.region.launchConfigurations ?? [])
      .filter((row) => !Array.isArray(names) || names.includes(row.name))
      .map((row) => ({
        LaunchConfigurationName: row.name,
        ImageId: "ami-1",
        InstanceType: row.type,
        CreatedTime: new Date("2026-01-01T00:00:00Z"),
        BlockDeviceMappings: devices(row.volumes),
        ...(row.spotPrice === undefined ? {} : { SpotPrice: row.spotPrice }),
      }));
    const page = context.page(rows, 100, asked(context, "MaxRecords", 1, 100));
    return { LaunchConfigurations: page.rows, NextToken: page.next };
  },
  "autoscaling:DescribeAccountLimits": (context) => ({
    MaxNumberOfAutoScalingGroups: 500,
    MaxNumberOfLaunchConfigurations: 200,
    NumberOfAutoScalingGroups: context.region.groups?.length ?? 0,
    NumberOfLaunchConfigurations: context.region.launchConfigurations?.length ?? 0,
  }),

  "elasticloadbalancing:DescribeLoadBalancers": (context) => {
    const rows = (context.region.loadBalancers ?? []).flatMap((row, kind) =>
      Array.from({ length: row.count }, (_, index) => ({
        LoadBalancerArn: balancerArn(context, row.type, kind, index),
        Type: row.type,
      })),
    );
    const page = context.page(rows, 400, asked(context, "PageSize", 1, 400));
    return { LoadBalancers: page.rows, NextMarker: page.next };
  },
  "elasticloadbalancing:DescribeCapacityReservation": (context) => {
    const arn = String(context.input.LoadBalancerArn);
    for (const [kind, row] of (context.region.loadBalancers ?? []).entries()) {
      for (let index = 0; index < row.count; index++) {
        if (balancerArn(context, row.type, kind, index) === arn) {
          return { MinimumLoadBalancerCapacity: { CapacityUnits: row.lcus ?? 0 } };
        }
      }
    }
    throw new ServiceError("LoadBalancerNotFound", "No such load balancer", 400);
  },
};

function withOdd(context: HandlerContext, action: string, rows: Record<string, unknown>[]): Record<string, unknown>[] {
  return [...(context.region.oddRows?.[action] ?? []), ...rows];
}

function numbered(
  context: HandlerContext,
  name: "vpcs" | "internetGateways" | "interfaces",
  row: (index: number) => Record<string, unknown>,
): { rows: Record<string, unknown>[]; next?: string } {
  const rows = Array.from({ length: context.region.counts?.[name] ?? 0 }, (_, index) => row(index));
  return context.page(rows, 1_000, asked(context, "MaxResults", 5, 1_000));
}

function shape(name: string): Record<string, unknown> {
  const [vcpus, gib] = INSTANCE_TYPES[name] ?? [0, 0];
  return { InstanceType: name, VCpuInfo: { DefaultVCpus: vcpus }, MemoryInfo: { SizeInMiB: gib * 1_024 } };
}

function memberId(group: string, kind: number, index: number): string {
  return `i-${group}-${kind}-${index}`;
}

function instancesOf(context: HandlerContext) {
  const loose = (context.region.instances ?? []).flatMap((row, kind) =>
    Array.from({ length: row.count }, (_, index) => ({
      InstanceId: `i-${kind}-${index}`,
      InstanceType: row.type,
      State: { Name: row.state ?? "running" },
      ...(row.spot === true ? { InstanceLifecycle: "spot" } : {}),
      Placement: { AvailabilityZone: `${context.regionName}a`, Tenancy: row.hosted === true ? "host" : "default" },
      Tags: row.group === undefined ? [] : [{ Key: "aws:autoscaling:groupName", Value: row.group }],
    })),
  );
  const members = (context.region.groups ?? []).flatMap((group) =>
    (group.members ?? []).flatMap((row, kind) =>
      Array.from({ length: row.count }, (_, index) => ({
        InstanceId: memberId(group.name, kind, index),
        InstanceType: row.type,
        State: {
          Name:
            (row.lifecycle ?? "InService").startsWith("Warmed:") && row.lifecycle !== "Warmed:Running"
              ? "stopped"
              : "running",
        },
        ...(row.spot === true ? { InstanceLifecycle: "spot" } : {}),
        Placement: { AvailabilityZone: `${context.regionName}a`, Tenancy: "default" },
        Tags: [{ Key: "aws:autoscaling:groupName", Value: group.name }],
      })),
    ),
  );
  return [...loose, ...members];
}

function groupRow(group: GroupData): Record<string, unknown> {
  const spec = group.template === undefined ? undefined : templateSpec(group.template);
  const mixed = group.overrides !== undefined || group.distribution !== undefined;
  return {
    AutoScalingGroupName: group.name,
    MinSize: 0,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: 300,
    AvailabilityZones: group.zones ?? ["a", "b"],
    HealthCheckType: "EC2",
    CreatedTime: new Date("2026-01-01T00:00:00Z"),
    DesiredCapacityType: group.unit,
    LaunchConfigurationName: group.launchConfiguration,
    LaunchTemplate: mixed ? undefined : spec,
    MixedInstancesPolicy: !mixed
      ? undefined
      : {
          LaunchTemplate: {
            LaunchTemplateSpecification: spec,
            Overrides: (group.overrides ?? []).map((each) => ({
              InstanceType: each.type,
              WeightedCapacity: each.weight === undefined ? undefined : String(each.weight),
              InstanceRequirements: each.requirements,
              LaunchTemplateSpecification: each.template === undefined ? undefined : templateSpec(each.template),
            })),
          },
          InstancesDistribution: {
            OnDemandBaseCapacity: group.distribution?.base,
            OnDemandPercentageAboveBaseCapacity: group.distribution?.percent,
            DistributionSegments: group.distribution?.segments?.map((each) => ({ TargetCapacityTypes: [each] })),
          },
        },
    SuspendedProcesses: (group.suspended ?? []).map((name) => ({ ProcessName: name, SuspensionReason: "user" })),
    WarmPoolConfiguration:
      group.warmPool === undefined
        ? undefined
        : { MaxGroupPreparedCapacity: group.warmPool.prepared, PoolState: group.warmPool.state },
    Instances: (group.members ?? []).flatMap((row, kind) =>
      Array.from({ length: row.count }, (_, index) => ({
        InstanceId: memberId(group.name, kind, index),
        InstanceType: row.type,
        AvailabilityZone: "a",
        LifecycleState: row.lifecycle ?? "InService",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      })),
    ),
  };
}

function templateSpec(template: { id?: string; name?: string; version?: string }): Record<string, unknown> {
  return { LaunchTemplateId: template.id, LaunchTemplateName: template.name, Version: template.version };
}

function versionRow(template: TemplateDataIn, number: number): Record<string, unknown> {
  const version = template.versions[number - 1] ?? {};
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: number,
    DefaultVersion: number === (template.defaultVersion ?? 1),
    LaunchTemplateData: {
      ImageId: "ami-1",
      InstanceType: version.type,
      InstanceRequirements: version.requirements,
      InstanceMarketOptions: version.spot === true ? { MarketType: "spot" } : undefined,
      BlockDeviceMappings: devices(version.volumes),
    },
  };
}

function devices(volumes: VolumeData[] | undefined): Record<string, unknown>[] | undefined {
  return volumes?.map((volume, index) => ({
    DeviceName: `/dev/sd${"abcdefgh"[index]}`,
    Ebs: { VolumeType: volume.type, VolumeSize: volume.gib, Iops: volume.iops },
  }));
}

function balancerArn(context: HandlerContext, type: string, kind: number, index: number): string {
  return `arn:aws:elasticloadbalancing:${context.regionName}:${context.account.id}:loadbalancer/${type === "application" ? "app" : "net"}/lb-${kind}-${index}/1`;
}
