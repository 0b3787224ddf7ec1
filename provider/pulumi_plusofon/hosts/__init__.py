"""Who calls the lifecycle: Pulumi's dynamic provider process."""
