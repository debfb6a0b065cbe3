"""What a person sees and actions: every widget knows frames and knobs, never TensorFlow."""
