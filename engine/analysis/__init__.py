"""What can be asked of any trained model: curvature, slices, the parameters' way, layers from within, diagnosis."""
