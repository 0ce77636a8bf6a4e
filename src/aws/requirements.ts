import { z } from "zod";

const Range = z.object({ Min: z.number().optional(), Max: z.number().optional() });
const Floor = z.object({ Min: z.number(), Max: z.number().optional() });
const Wish = z.enum(["included", "excluded", "required"]);

/**
 * Attribute-based instance selection, in the words that EC2 and Auto Scaling share. Attributes we don't know are left
 * out: the list of types gets longer and the worst case larger, never smaller.
 */
export const Requirements = z.object({
  VCpuCount: Floor,
  MemoryMiB: Floor,
  CpuManufacturers: z
    .array(z.enum(["intel", "amd", "amazon-web-services", "apple"]))
    .optional()
    .catch(undefined),
  MemoryGiBPerVCpu: Range.optional(),
  ExcludedInstanceTypes: z.array(z.string()).optional(),
  AllowedInstanceTypes: z.array(z.string()).optional(),
  InstanceGenerations: z
    .array(z.enum(["current", "previous"]))
    .optional()
    .catch(undefined),
  BareMetal: Wish.optional().catch(undefined),
  BurstablePerformance: Wish.optional().catch(undefined),
  RequireHibernateSupport: z.boolean().optional(),
  NetworkInterfaceCount: Range.optional(),
  LocalStorage: Wish.optional().catch(undefined),
  LocalStorageTypes: z
    .array(z.enum(["hdd", "ssd"]))
    .optional()
    .catch(undefined),
  TotalLocalStorageGB: Range.optional(),
  BaselineEbsBandwidthMbps: Range.optional(),
  AcceleratorTypes: z
    .array(z.enum(["gpu", "fpga", "inference"]))
    .optional()
    .catch(undefined),
  AcceleratorCount: Range.optional(),
  AcceleratorTotalMemoryMiB: Range.optional(),
  NetworkBandwidthGbps: Range.optional(),
});
export type Requirements = z.output<typeof Requirements>;
