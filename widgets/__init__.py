"""What a person sees and touches: every widget knows frames and knobs, never TensorFlow."""
