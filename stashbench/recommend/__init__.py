"""From findings to ranked advice: rules, priorities and the guide. Pure: whatever a rule knows is in its facts."""
